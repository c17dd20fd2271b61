using System.Runtime.CompilerServices;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What pages, the API and reports ask about single repos.</summary>
public sealed partial class ReadModelQueries
{
    /// <summary>Files of one repo that are read at most; hostile repos hold tens of thousands.</summary>
    public const int ShownFiles = 500;

    /// <summary>Past verdicts of one repo that are read at most.</summary>
    public const int ShownVerdicts = 100;

    /// <summary>Repos flagged after a moment, in the order in which they were flagged.</summary>
    /// <param name="since">All when null.</param>
    public async IAsyncEnumerable<FlaggedRepo> FlaggedSinceAsync(DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancel)
    {
        var after = since?.UtcTicks ?? 0;
        while (true)
        {
            await using var db = database.Open();
            var rows = await db.Repos.Where(row => row.FlaggedAt != null && row.FlaggedAt > after).OrderBy(row => row.FlaggedAt).Take(WorkPage).ToListAsync(cancel);
            foreach (var row in rows)
            {
                yield return FlaggedOf(row);
            }

            if (rows.Count < WorkPage)
            {
                yield break;
            }

            after = rows[^1].FlaggedAt!.Value;
        }
    }

    /// <summary>One repo, or null where none of this name was observed.</summary>
    public async Task<RepoDetails?> RepoAsync(RepoId repo, CancellationToken cancel)
    {
        await using var db = database.Open();
        await using var snapshot = await database.BeginReadingAsync(db, cancel);
        var id = repo.Value;
        if (await db.Repos.FirstOrDefaultAsync(row => row.Id == id, cancel) is not { } found)
        {
            return null;
        }

        var files = await db.Files.Where(file => file.Repo == id)
            .OrderByDescending(file => file.Label ?? -1).ThenByDescending(file => file.Score).ThenBy(file => file.Path)
            .Take(ShownFiles)
            .ToListAsync(cancel);
        var count = files.Count < ShownFiles ? files.Count : await db.Files.CountAsync(file => file.Repo == id, cancel);
        var history = await db.Verdicts.Where(row => row.Repo == id && !row.Pinned).OrderByDescending(row => row.JournalOffset).Take(ShownVerdicts).ToListAsync(cancel);
        return new RepoDetails(SummaryOf(found), [.. files.Select(DetailsOf)], count, [.. history.Select(PastOf)]);
    }

    /// <summary>One file of a repo's current revision, or null where it has none of this path.</summary>
    public async Task<FileDetails?> FileAsync(RepoId repo, string path, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Files.FirstOrDefaultAsync(file => file.Repo == repo.Value && file.Path == path, cancel) is { } found ? DetailsOf(found) : null;
    }

    /// <summary>Verdicts on one revision of a repo, the newest first; also on one that is long gone, or was never the current one.</summary>
    public async Task<IReadOnlyList<PastVerdict>> VerdictsOfAsync(RepoId repo, string revision, CancellationToken cancel)
    {
        await using var db = database.Open();
        var rows = await db.Verdicts.Where(row => row.Repo == repo.Value && row.Revision == revision).OrderByDescending(row => row.JournalOffset).Take(ShownVerdicts).ToListAsync(cancel);
        return [.. rows.Select(PastOf)];
    }

    /// <summary>The analysis of a content, with its trace; null while there is none.</summary>
    public async Task<ArtifactAnalysis?> AnalysisAsync(ContentKey content, CancellationToken cancel)
    {
        await using var db = database.Open();
        var key = content.Value;
        var analysis = await db.Artifacts.Where(row => row.Content == key).Select(row => row.Analysis).FirstOrDefaultAsync(cancel);
        return analysis is null ? null : Stored.FromJson<ArtifactAnalysis>(analysis);
    }

    /// <summary>Every flagged file of current revisions, by repo and path.</summary>
    public async IAsyncEnumerable<FlaggedFile> FlaggedFilesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var (repo, path) = ("", "");
        while (true)
        {
            await using var db = database.Open();
            var (afterRepo, afterPath) = (repo, path);
            var page = await db.Files
                .Where(file => file.Label >= (int)Label.Suspicious)
                .Where(file => file.Repo.CompareTo(afterRepo) > 0 || (file.Repo == afterRepo && file.Path.CompareTo(afterPath) > 0))
                .OrderBy(file => file.Repo).ThenBy(file => file.Path)
                .Take(WorkPage)
                .Join(db.Repos, file => file.Repo, row => row.Id, (file, row) => new { File = file, row.Revision, row.FlaggedAt, row.CaseState })
                .OrderBy(found => found.File.Repo).ThenBy(found => found.File.Path)
                .ToListAsync(cancel);
            foreach (var found in page)
            {
                yield return new FlaggedFile(
                    found.File.Repo,
                    found.Revision,
                    found.File.Path,
                    found.File.TaskCluster,
                    Sha256.TryParse(found.File.Artifact),
                    Stored.FromJson<FileVerdict>(found.File.Verdict!),
                    Stored.Moment(found.FlaggedAt),
                    found.CaseState);
                (repo, path) = (found.File.Repo, found.File.Path);
            }

            if (page.Count < WorkPage)
            {
                yield break;
            }
        }
    }

    private static FlaggedRepo FlaggedOf(RepoRow row) => new(
        RepoId.Parse(row.Id),
        row.Revision,
        (Label)row.Label!.Value,
        row.Score,
        Stored.Texts(row.Reasons),
        Stored.Lines(row.Indicators),
        row.TaskCluster,
        row.Likes,
        row.Downloads,
        row.HubScan,
        Stored.Moment(row.FlaggedAt!.Value),
        row.CaseState,
        row.Payload);

    private static RepoSummary SummaryOf(RepoRow row) => new(
        RepoId.Parse(row.Id),
        row.Revision,
        Stored.LabelOf(row.Label),
        row.Score,
        row.Provisional,
        Stored.Texts(row.Reasons),
        row.TaskCluster,
        row.PipelineTag,
        row.Library,
        row.Likes,
        row.Downloads,
        row.Gated,
        row.HubScan,
        row.LeftOut,
        Stored.Moment(row.ObservedAt),
        Stored.Moment(row.JudgedAt),
        row.Availability,
        row.FlaggedAt is null ? null : row.CaseState);

    private static FileDetails DetailsOf(FileRow row) => new(
        row.Path,
        row.Size,
        row.Content.Length == 0 ? null : ContentKey.Parse(row.Content),
        Sha256.TryParse(row.Artifact),
        row.Verdict is null ? null : Stored.FromJson<FileVerdict>(row.Verdict));

    private static PastVerdict PastOf(VerdictRow row) => new(
        row.Revision,
        Stored.Moment(row.ReachedAt),
        (Label)row.Label,
        row.Score,
        row.TaskCluster,
        row.Provisional,
        Stored.Texts(row.Reasons),
        Stored.Words(row.Profiles),
        Stored.Words(row.Environments),
        row.JournalOffset);
}
