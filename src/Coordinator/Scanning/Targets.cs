using System.IO.Enumeration;
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
public sealed class Targets(Func<HubClient> hub, Func<Fetcher> fetcher, BlobFolder blobs, StaticOptions reading, string taskCluster)
{
    private const int MaxRenames = 5;

    /// <exception cref="UsageException">There is no such file, folder or repo.</exception>
    public async Task<IReadOnlyList<ScanItem>> ExpandAsync(string target, CancellationToken cancel) =>
        File.Exists(target) ? [new ScanItem(target, target, target, taskCluster)]
        : Directory.Exists(target) && CachedSnapshot.Find(target) is { Count: > 0 } cached ? [.. cached.SelectMany(snapshot => OfFolder(snapshot.Target, snapshot.Folder, cancel))]
        : Directory.Exists(target) ? OfFolder(target, target, cancel)
        : TryParseRepo(target, out var repo, out var revision) ? await OfRepoAsync(target, repo, revision, renames: 0, cancel)
        : throw new UsageException($"'{Printable.Of(target)}' is no file, no folder and no repo name (org/name or org/name@revision)");

    /// <summary>
    /// Every file whose name or content says that a loader would open it. Links to files are followed, as a loader would (the
    /// snapshot folders of a hub cache hold nothing else); links to folders are not, since they may lead in circles.
    /// </summary>
    private List<ScanItem> OfFolder(string target, string folder, CancellationToken cancel)
    {
        var root = Path.GetFullPath(folder);
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        var files = new FileSystemEnumerable<string>(root, (ref entry) => entry.ToFullPath(), everything)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.FileName is not ".git",
        };
        return [.. files
            .Order(StringComparer.Ordinal)
            .Select(file => (File: file, Path: Path.GetRelativePath(root, file)))
            .Where(found => ModelFiles.IsCandidate(found.Path) || HoldsProgram(found.File, cancel))
            .Select(found => !File.Exists(found.File) ? new ScanItem(target, found.Path, null, taskCluster, ArtifactAnalysis.WithoutBytes(Outcome.Error, "a link that leads nowhere"))
                : LfsPointer.Is(found.File) ? new ScanItem(target, found.Path, null, taskCluster, ArtifactAnalysis.WithoutBytes(Outcome.Error, LfsPointer.Reason))
                : new ScanItem(target, found.Path, found.File, taskCluster))];
    }

    private bool HoldsProgram(string file, CancellationToken cancel) =>
        File.Exists(file) && StaticReader.Read(file, Path.GetFileName(file), reading, cancel) is var read
        && (read.Outcome is null || read.Findings.Any(finding => finding.Severity == Severity.Dangerous));

    private async Task<IReadOnlyList<ScanItem>> OfRepoAsync(string target, RepoId repo, string? revision, int renames, CancellationToken cancel)
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
            case RevisionAnswer.Renamed renamed when renames < MaxRenames:
                return await OfRepoAsync(target, renamed.To, revision, renames + 1, cancel);
            case RevisionAnswer.Renamed renamed:
                throw new UsageException($"'{target}' is renamed again and again, last to {renamed.To}; name the repo as it is now");
            case RevisionAnswer.NoRevision missing:
                throw new UsageException($"'{target}' is not on the hub: {missing.Reason}");
            case RevisionAnswer.Gone gone:
                throw new UsageException($"'{target}' is not on the hub: {gone.Reason}");
            case var other:
                throw new InvalidOperationException($"unknown answer {other.GetType().Name}");
        }
    }

    private async Task<ScanItem> FetchAsync(string target, RepoRevision revision, RepoFile file, CancellationToken cancel)
    {
        var cluster = TaskCluster.Of(revision.Facts.PipelineTag);
        return await fetcher().FetchPartsAsync(revision.Repo, revision.Commit, file, cancel) switch
        {
            FetchResult.StoredSparse parts => new ScanItem(
                target, file.Path, blobs.PathOf(BlobKey.OfProgram(parts.Program)), cluster, Sparse: new SparseItem(parts.Declared, parts.Program, parts.Reading)),
            FetchResult.Stored stored => new ScanItem(target, file.Path, blobs.PathOf(stored.Artifact), cluster),
            FetchResult.NotFetched refused => new ScanItem(target, file.Path, null, cluster, ArtifactAnalysis.WithoutBytes(refused.Outcome, refused.Reason)),
            var other => throw new InvalidOperationException($"unknown result {other.GetType().Name}"),
        };
    }

    private static bool TryParseRepo(string target, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RepoId? repo, out string? revision) =>
        RepoId.TryParse(target, out repo, out revision) && repo.Value.Contains('/') && revision is not "";
}
