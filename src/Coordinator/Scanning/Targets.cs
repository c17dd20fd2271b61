using DynaHug.Coordinator.Hosting;
using DynaHug.Crawler.Fetching;
using DynaHug.Crawler.Hub;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Static;

namespace DynaHug.Coordinator.Scanning;

/// <summary>Turns what a person names into files to scan: a file, a folder, or a repo of the hub.</summary>
public sealed class Targets(Func<HubClient> hub, Func<Fetcher> fetcher, BlobStore blobs, StaticOptions reading, string taskCluster)
{
    /// <exception cref="UsageException">There is no such file, folder or repo.</exception>
    public async Task<IReadOnlyList<ScanItem>> ExpandAsync(string target, CancellationToken cancel) =>
        File.Exists(target) ? [new ScanItem(target, target, target, taskCluster)]
        : Directory.Exists(target) ? OfFolder(target, cancel)
        : TryParseRepo(target, out var repo, out var revision) ? await OfRepoAsync(target, repo, revision, cancel)
        : throw new UsageException($"'{Printable.Of(target)}' is no file, no folder and no repo name (org/name or org/name@revision)");

    /// <summary>Every file whose name or content says that a loader would open it; links are not followed out of the folder.</summary>
    private List<ScanItem> OfFolder(string folder, CancellationToken cancel)
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        var root = Path.GetFullPath(folder);
        return [.. Directory.EnumerateFiles(root, "*", everything)
            .Where(file => !Path.GetRelativePath(root, file).Split('/').Contains(".git"))
            .Where(file => IsInside(root, file))
            .Where(file => ModelFiles.IsCandidate(Path.GetRelativePath(root, file)) || MustRun(file, cancel))
            .Order(StringComparer.Ordinal)
            .Select(file => new ScanItem(folder, Path.GetRelativePath(root, file), file, taskCluster))];
    }

    /// <summary>A link counts only where its target stays in the folder, as in the snapshot folders of a hub cache.</summary>
    private static bool IsInside(string root, string file) =>
        File.ResolveLinkTarget(file, returnFinalTarget: true) is not { } target
        || (target.Exists && target.FullName.StartsWith(root + '/', StringComparison.Ordinal));

    private bool MustRun(string file, CancellationToken cancel) => StaticReader.Read(file, Path.GetFileName(file), reading, cancel).Outcome is null;

    private async Task<IReadOnlyList<ScanItem>> OfRepoAsync(string target, RepoId repo, string? revision, CancellationToken cancel)
    {
        switch (await hub().ReadRevisionAsync(repo, revision, cancel))
        {
            case RevisionAnswer.Found found:
                var items = new List<ScanItem>();
                foreach (var file in found.Revision.Files.Where(file => ModelFiles.IsCandidate(file.Path)))
                {
                    items.Add(await FetchAsync(target, found.Revision, file, cancel));
                }

                return items;
            case RevisionAnswer.Gated gated:
                return [new ScanItem(target, "", null, taskCluster, ArtifactAnalysis.WithoutBytes(Outcome.Gated, gated.Reason))];
            case RevisionAnswer.Renamed renamed:
                return await OfRepoAsync(target, renamed.To, revision, cancel);
            case RevisionAnswer.Gone gone:
                throw new UsageException($"'{target}' is not on the hub: {gone.Reason}");
            case var other:
                throw new InvalidOperationException($"unknown answer {other.GetType().Name}");
        }
    }

    private async Task<ScanItem> FetchAsync(string target, RepoRevision revision, RepoFile file, CancellationToken cancel)
    {
        var cluster = TaskCluster.Of(revision.Facts.PipelineTag);
        return await fetcher().FetchAsync(revision.Repo, revision.Commit, file, cancel) switch
        {
            FetchResult.Stored stored => new ScanItem(target, file.Path, blobs.PathOf(stored.Artifact), cluster),
            FetchResult.NotFetched refused => new ScanItem(target, file.Path, null, cluster, ArtifactAnalysis.WithoutBytes(refused.Outcome, refused.Reason)),
            var other => throw new InvalidOperationException($"unknown result {other.GetType().Name}"),
        };
    }

    private static bool TryParseRepo(string target, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RepoId? repo, out string? revision)
    {
        var at = target.IndexOf('@');
        revision = at < 0 ? null : target[(at + 1)..];
        return RepoId.TryParse(at < 0 ? target : target[..at], out repo) && repo.Value.Contains('/') && revision is not "";
    }
}
