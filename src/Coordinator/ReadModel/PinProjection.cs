using DynaHug.Shared.Profiles;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Verdicts;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Rows of pinned revisions and their files; see <see cref="RepoState.Pins"/>.</summary>
internal sealed class PinProjection(ReadModelConnection db, ContentRows contents)
{
    public Task<bool> IsPinnedAsync(IRevisionEvent stored, CancellationToken cancel)
    {
        var (repo, revision) = (stored.Repo.Value, stored.Commit);
        return db.Pins.AnyAsync(row => row.Repo == repo && row.Revision == revision, cancel);
    }

    /// <summary>Whatever happens to a pinned revision but its end.</summary>
    /// <param name="taskCluster">That of the repo.</param>
    public async Task ApplyAsync(IRevisionEvent stored, string taskCluster, CancellationToken cancel)
    {
        if (stored is RepoEvents.RevisionPinned or RepoEvents.FilesPlanned)
        {
            await ForgetFilesAsync(stored, cancel);
        }

        if (stored is RepoEvents.FilesPlanned planned)
        {
            await db.PinnedFiles.BulkCopyAsync(planned.Files.DistinctBy(file => file.Path).Select(file => new PinnedFileRow
            {
                Repo = stored.Repo.Value,
                Revision = stored.Commit,
                Path = file.Path,
                TaskCluster = taskCluster,
                Content = file.Content.Value,
            }), cancel);
        }
        else if (stored is RepoEvents.VerdictReached reached)
        {
            await StoreVerdictAsync(reached, cancel);
        }

        var row = new PinRow { Repo = stored.Repo.Value, Revision = stored.Commit, TouchedAt = stored.At.UtcTicks, Open = stored is not RepoEvents.VerdictReached };
        await db.InsertOrReplaceAsync(row, token: cancel);
    }

    /// <summary>The revision is forgotten, or has become the current one.</summary>
    public async Task ForgetAsync(IRevisionEvent stored, CancellationToken cancel)
    {
        var (repo, revision) = (stored.Repo.Value, stored.Commit);
        await db.Pins.DeleteAsync(row => row.Repo == repo && row.Revision == revision, cancel);
        await ForgetFilesAsync(stored, cancel);
    }

    /// <summary>The repo is scored by another task cluster's profile from now on.</summary>
    public Task MoveAsync(string repo, string taskCluster, CancellationToken cancel) =>
        db.PinnedFiles.Where(file => file.Repo == repo).Set(file => file.TaskCluster, taskCluster).UpdateAsync(cancel);

    private Task ForgetFilesAsync(IRevisionEvent stored, CancellationToken cancel)
    {
        var (repo, revision) = (stored.Repo.Value, stored.Commit);
        return db.PinnedFiles.DeleteAsync(file => file.Repo == repo && file.Revision == revision, cancel);
    }

    private async Task StoreVerdictAsync(RepoEvents.VerdictReached reached, CancellationToken cancel)
    {
        var (repo, revision) = (reached.Repo.Value, reached.Commit);
        var judgedAt = reached.Verdict.Files.DistinctBy(file => file.Path).ToDictionary(file => file.Path);
        var files = await db.PinnedFiles.Where(file => file.Repo == repo && file.Revision == revision).ToListAsync(cancel);
        await contents.LoadAsync([], files.Select(file => file.Content), cancel);
        foreach (var file in files)
        {
            if (judgedAt.TryGetValue(file.Path, out var judged))
            {
                var scorable = judged.Artifact is null ? "" : contents.FactsOf(file.Content).ScorableIn;
                await db.UpdateAsync(
                    file with { Artifact = judged.Artifact?.Hex, ScorableIn = scorable, ScoredBy = judged.Verdict.Profile ?? "", TaskCluster = reached.Verdict.TaskCluster }, token: cancel);
            }
        }
    }
}
