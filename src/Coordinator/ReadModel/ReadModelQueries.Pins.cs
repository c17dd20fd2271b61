using System.Runtime.CompilerServices;
using DynaHug.Shared.Hub;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What is asked about pinned revisions.</summary>
public sealed partial class ReadModelQueries
{
    /// <summary>Whether a revision is kept beside its repo's current one, judged or not.</summary>
    public async Task<bool> IsPinnedAsync(RepoId repo, string revision, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Pins.AnyAsync(row => row.Repo == repo.Value && row.Revision == revision, cancel);
    }

    /// <summary>Repos with pinned revisions that have no verdict and that nothing has happened to since a moment.</summary>
    public async IAsyncEnumerable<RepoId> OpenPinsAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var repo in OpenAsync(before, db => db.Pins.Where(row => row.Open).Select(row => new OpenWork { Key = row.Repo, TouchedAt = row.TouchedAt }), cancel))
        {
            yield return RepoId.Parse(repo);
        }
    }

    /// <summary>The same as <see cref="RescoreCandidatesAsync"/> for pinned revisions.</summary>
    public async IAsyncEnumerable<RescoreCandidate> PinnedRescoreCandidatesAsync(
        string taskCluster, string environment, string profileId, int pageSize, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (repo, revision) = ("", "");
        while (true)
        {
            await using var db = database.Open();
            var (afterRepo, afterRevision) = (repo, revision);
            var page = await db.PinnedFiles
                .Where(file => file.TaskCluster == taskCluster && file.ScorableIn == environment && file.ScoredBy != profileId)
                .Where(file => file.Repo.CompareTo(afterRepo) > 0 || (file.Repo == afterRepo && file.Revision.CompareTo(afterRevision) > 0))
                .OrderBy(file => file.Repo).ThenBy(file => file.Revision)
                .Select(file => new { file.Repo, file.Revision })
                .Distinct()
                .Take(pageSize)
                .ToListAsync(cancel);
            foreach (var pin in page)
            {
                var files = await db.PinnedFiles
                    .Where(file => file.Repo == pin.Repo && file.Revision == pin.Revision && file.ScorableIn == environment && file.ScoredBy != profileId)
                    .ToListAsync(cancel);
                var analyses = await AnalysesAsync(db, [.. files.Select(file => file.Content).Distinct()], cancel);
                var known = await DecisionsAsync(db, profileId, [.. files.Select(file => file.Artifact).OfType<string>().Distinct()], cancel);
                yield return new RescoreCandidate(
                    RepoId.Parse(pin.Repo),
                    pin.Revision,
                    [.. files.Select(file => new CandidateFile(file.Path, analyses[file.Content], known.GetValueOrDefault(file.Artifact ?? "")))]);
            }

            if (page.Count < pageSize)
            {
                yield break;
            }

            (repo, revision) = (page[^1].Repo, page[^1].Revision);
        }
    }
}
