using Akka.Actor;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Training;

/// <param name="Artifact">Its sha256; the bytes are in the blob store.</param>
/// <param name="Name">What it is called where it is loaded.</param>
public sealed record RequestedFile(Sha256 Artifact, string Name);

/// <summary>
/// Loads of files that a fit needs and no repo has. What was loaded once in an environment serves every later fit; workers are asked for the
/// rest, as for any content: leased, tried again, quarantined like others.
/// </summary>
public sealed class RequestedLoads(ReadModelQueries readModel, BlobStore blobs, TimeProvider clock, ILogger<RequestedLoads> logger)
{
    /// <summary>Without a new load for so long, the rest is left out: a fit does not wait for workers that are not there.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly StaticOptions Reading = new();

    /// <param name="artifacts">Where loads are asked for; null where no node runs, and only loads that are there serve.</param>
    /// <param name="kind">What the files are, for people.</param>
    /// <returns>Those that could be had, by sha256 in hex.</returns>
    public async Task<IReadOnlyDictionary<string, Load>> OfAsync(
        IActorRef? artifacts, string environment, IReadOnlyList<RequestedFile> files, string kind, Action<string> report, CancellationToken cancel)
    {
        var loads = await StoredAsync(environment, files, cancel);
        if (artifacts is not null && loads.Count < files.Count)
        {
            await TraceAsync(artifacts, [.. files.Where(file => !loads.ContainsKey(file.Artifact.Hex))], kind, report, cancel);
            loads = await StoredAsync(environment, files, cancel);
        }

        return loads;
    }

    private async Task<Dictionary<string, Load>> StoredAsync(string environment, IReadOnlyList<RequestedFile> files, CancellationToken cancel) =>
        (await readModel.LoadsOfAsync(environment, [.. files.Select(file => file.Artifact.Hex)], cancel)).ToDictionary(load => load.Id);

    private async Task TraceAsync(IActorRef artifacts, IReadOnlyList<RequestedFile> files, string kind, Action<string> report, CancellationToken cancel)
    {
        var asked = clock.GetUtcNow();
        var contents = new List<string>();
        foreach (var file in files)
        {
            using var local = await blobs.OpenAsync(BlobKey.Of(file.Artifact), cancel);
            var read = await Task.Run(() => StaticReader.Read(local.Path, file.Name, Reading, cancel), cancel);
            var content = ContentKey.Of(file.Artifact);
            artifacts.Tell(new ArtifactCommands.TraceStored(content, file.Artifact, read, file.Name, Lane.Upload, asked), ActorRefs.NoSender);
            contents.Add(content.Value);
        }

        var (done, progressed) = (0, asked);
        while (done < files.Count && clock.GetUtcNow() - progressed < Patience)
        {
            report($"{done} of {files.Count} {kind} loaded");
            await Task.Delay(Pause, clock, cancel);
            var now = await readModel.CountAnalysedAsync(contents, asked, cancel);
            (done, progressed) = (now, now > done ? clock.GetUtcNow() : progressed);
        }

        if (done < files.Count)
        {
            logger.LogWarning("{Missing} of {Files} {Kind} were not loaded in time; the fit goes on without them", files.Count - done, files.Count, kind);
        }
    }
}
