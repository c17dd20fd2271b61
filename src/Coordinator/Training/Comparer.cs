using System.Collections.Concurrent;
using System.Text.Json;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Training;

/// <summary>
/// The time machine: scores every stored trace with a candidate and with the profile that is active now, and keeps what would change, before
/// anything does. Reads page by page; memory holds a page and the bounded list of changes.
/// </summary>
public sealed class Comparer(ReadModelQueries readModel, InjectedLoads injections, BlobStore blobs, FitOptions fitting, ActivationPolicy policy)
{
    /// <summary>Changes of each kind that are kept with their repos; the figures count all.</summary>
    public const int MostChanges = 500;

    private const int ShownFiles = 5;

    /// <param name="before">The profile that scores now, its own or the fallback; null where none does.</param>
    /// <param name="taskClusters">Whose traces the candidate would score.</param>
    public async Task<ProfileComparison> CompareAsync(
        Profile candidate, Profile? before, IReadOnlyList<string> taskClusters, Action<string> report, CancellationToken cancel)
    {
        var found = new Findings();
        await foreach (var page in readModel.LoadPagesAsync(candidate.Environment, taskClusters, cancel))
        {
            var limits = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = fitting.Processors };
            Parallel.ForEach(page, limits, stored => Compare(stored, candidate, before, found));
            report($"comparing a candidate of {candidate.TaskCluster} on {found.Traces} stored traces");
        }

        var perturbed = Canaries.Of(await readModel.LoadsOfAsync(candidate.Environment, candidate.Training, cancel));
        foreach (var (name, load) in perturbed.Concat((await injections.OfAsync(candidate, cancel)).Select(Canaries.Of)))
        {
            found.Canary(name, candidate.Value(load) < 0, before is not null && before.Value(load) < 0);
        }

        var details = new ComparisonDetails(
            candidate.TaskCluster,
            candidate.Environment,
            candidate.Blob,
            before?.Blob,
            await ChangesAsync(found.Flagged, candidate, before, taskClusters, cancel),
            await ChangesAsync(found.Cleared, candidate, before, taskClusters, cancel),
            [.. found.Lost.Order(StringComparer.Ordinal).Take(MostChanges)]);
        var blob = await blobs.PutAsync(JsonSerializer.SerializeToUtf8Bytes(details, Json.Options), cancel);
        var changed = found.Flagged.Count + found.Cleared.Count;
        return new ProfileComparison(
            blob, before?.Blob, found.Traces, found.Flagged.Count, found.Cleared.Count, found.Canaries, found.Caught, found.Lost.Count,
            policy.WaitsFor(before is null, found.Traces, changed, found.Lost.Count));
    }

    /// <summary>The repos behind a comparison.</summary>
    /// <exception cref="InvalidDataException">The blob is none of ours.</exception>
    public static async Task<ComparisonDetails> DetailsAsync(BlobStore blobs, ProfileComparison comparison, CancellationToken cancel)
    {
        try
        {
            return JsonSerializer.Deserialize<ComparisonDetails>(await blobs.ReadAsync(comparison.Details, cancel), Json.Options)
                ?? throw new InvalidDataException("the comparison is empty: fit the profile again");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"the comparison {comparison.Details} is damaged: fit the profile again", wrong);
        }
    }

    private static void Compare(StoredLoad stored, Profile candidate, Profile? before, Findings found)
    {
        var after = candidate.Value(stored.Load) < 0;
        var was = before is not null && before.Value(stored.Load) < 0;
        found.Trace();
        if (stored.Evidence)
        {
            // Flagged by its evidence either way: what a detector that knew it must not lose.
            if (was)
            {
                found.Canary($"stored load {stored.Load.Id}", after, was);
            }
        }
        else if (after != was)
        {
            (after ? found.Flagged : found.Cleared).Add(stored);
        }
    }

    private async Task<IReadOnlyList<VerdictChange>> ChangesAsync(
        IReadOnlyCollection<StoredLoad> changed, Profile candidate, Profile? before, IReadOnlyList<string> taskClusters, CancellationToken cancel)
    {
        var kept = changed.OrderBy(stored => stored.Content, StringComparer.Ordinal).Take(MostChanges).ToList();
        var files = (await readModel.FilesOfAsync([.. kept.Select(stored => stored.Content)], taskClusters, cancel)).ToLookup(file => file.Content);
        return [.. kept.Select(stored =>
        {
            var (was, now) = (before?.Score(stored.Load), candidate.Score(stored.Load));
            var why = now.Outlier ? DecisionText.Of(now, candidate.TaskCluster) : $"an ordinary load to the candidate, formerly: {DecisionText.Of(was!, before!.TaskCluster)}";
            return new VerdictChange(stored.Load.Id, [.. files[stored.Content].Take(ShownFiles).Select(file => $"{file.Repo}:{file.Path}")], was, now, why);
        })];
    }

    /// <summary>What many threads find.</summary>
    private sealed class Findings
    {
        private int traces;
        private int canaries;
        private int caught;

        public int Traces => traces;

        public int Canaries => canaries;

        public int Caught => caught;

        public ConcurrentBag<StoredLoad> Flagged { get; } = [];

        public ConcurrentBag<StoredLoad> Cleared { get; } = [];

        public ConcurrentBag<string> Lost { get; } = [];

        public void Trace() => Interlocked.Increment(ref traces);

        public void Canary(string name, bool after, bool was)
        {
            Interlocked.Increment(ref canaries);
            if (after)
            {
                Interlocked.Increment(ref caught);
            }
            else if (was)
            {
                Lost.Add(name);
            }
        }
    }
}
