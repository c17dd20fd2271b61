using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;

namespace DynaHug.Coordinator.Verdicts;

/// <summary>Packs a stored verdict with everything it was reached from. Reads only; works beside a running node.</summary>
public sealed class CapsuleMaker(ReadModelQueries readModel, BlobStore blobs)
{
    private const int NearestCount = 3;

    /// <param name="id">Sha256 of a content, <c>org/name</c> (its gravest file), or <c>org/name:path</c>.</param>
    /// <exception cref="UsageException">Nothing is known by this name, or it has no verdict yet.</exception>
    public async Task<Capsule> MakeAsync(string id, CancellationToken cancel)
    {
        var (repo, path) = await PlaceAsync(id, cancel);
        var details = await readModel.RepoAsync(repo, cancel) ?? throw new UsageException($"no repo {repo} has been observed");
        var file = details.Files.FirstOrDefault(file => (path is null || file.Path == path) && file.Verdict is not null)
            ?? throw new UsageException($"'{Printable.Of(id)}' has no file with a verdict{(path is null ? "" : $" at {Printable.Of(path)}")}");
        var verdict = file.Verdict!;
        var analysis = file.Artifact is { } artifact ? await readModel.AnalysisAsync(artifact, cancel) : null;
        analysis ??= ArtifactAnalysis.WithoutBytes(verdict.Outcome, verdict.Reason);
        var profileFile = verdict.Profile is { } profile ? await blobs.ReadAsync(Sha256.Parse(profile), cancel) : null;
        return new Capsule(
            Capsule.Version,
            $"{repo}:{file.Path}",
            details.Summary.TaskCluster,
            analysis,
            analysis.Trace?.Events is { } events && await blobs.ContainsAsync(events, cancel) ? await blobs.ReadAsync(events, cancel) : null,
            profileFile,
            verdict,
            await NearestAsync(analysis, profileFile, cancel));
    }

    private async Task<(RepoId Repo, string? Path)> PlaceAsync(string id, CancellationToken cancel)
    {
        if (Sha256.TryParse(id) is { } artifact)
        {
            return await readModel.FilesOfArtifactAsync(artifact, cancel) is [var file, ..]
                ? (RepoId.Parse(file.Repo), file.Path)
                : throw new UsageException($"no file of a current revision has the content {artifact}");
        }

        var parts = id.Split(':', 2);
        return RepoId.TryParse(parts[0], out var repo)
            ? (repo, parts.ElementAtOrDefault(1))
            : throw new UsageException($"'{Printable.Of(id)}' is no sha256, org/name or org/name:path");
    }

    private async Task<IReadOnlyList<NearLoad>> NearestAsync(ArtifactAnalysis analysis, byte[]? profileFile, CancellationToken cancel)
    {
        if (profileFile is null || Judge.LoadOf(analysis) is not { } load)
        {
            return [];
        }

        using var file = new MemoryStream(profileFile);
        var profile = Profile.Load(file);
        return NearestLoads.Find(load, await readModel.LoadsOfAsync(profile.Environment, profile.Training, cancel), NearestCount);
    }
}
