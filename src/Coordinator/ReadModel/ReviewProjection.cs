using DynaHug.Shared.Reviews;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Rows of what people say. Whatever a person did is listed in the audit, also what this build has no other use for.</summary>
internal sealed class ReviewProjection(ReadModelConnection db)
{
    public async Task ApplyAsync(long offset, IAudited stored, CancellationToken cancel)
    {
        var line = stored.Describe();
        await db.InsertOrReplaceAsync(
            new AuditRow { JournalOffset = offset, At = stored.At.UtcTicks, By = stored.By, Action = line.Action, Subject = line.Subject, Detail = line.Detail },
            token: cancel);
        await (stored switch
        {
            ReviewEvents.Judged judged => JudgedAsync(offset, judged, cancel),
            ReviewEvents.Noted noted => db.InsertOrReplaceAsync(
                new ReviewRow { JournalOffset = offset, Repo = noted.Repo.Value, Revision = noted.Commit, Note = noted.Text, By = noted.By, At = noted.At.UtcTicks }, token: cancel),
            ReviewEvents.Suppressed suppressed => SuppressedAsync(suppressed, cancel),
            ReviewEvents.Lifted lifted => LiftedAsync(lifted, cancel),
            _ => Task.CompletedTask,
        });
    }

    /// <summary>Where a newly flagged revision stands before anybody has said anything.</summary>
    public static async Task<string> FirstStateAsync(ReadModelConnection db, RepoVerdict verdict, CancellationToken cancel)
    {
        var flagged = verdict.Files.Where(file => file.Verdict.Label.IsFlagged()).ToList();
        var contents = flagged.Select(file => file.Artifact?.Hex).OfType<string>().Distinct().ToList();
        var suppressed = (await db.Suppressions.Where(row => contents.Contains(row.Artifact)).ToListAsync(cancel)).Select(row => (row.Artifact, row.Sign)).ToHashSet();
        return flagged.Count > 0 && flagged.All(file => file.Artifact is { } artifact && FlagSigns.Of(file.Verdict).All(sign => suppressed.Contains((artifact.Hex, sign))))
            ? CaseState.Suppressed
            : CaseState.New;
    }

    private async Task JudgedAsync(long offset, ReviewEvents.Judged judged, CancellationToken cancel)
    {
        var judgement = judged.Judgement.Name();
        await db.InsertOrReplaceAsync(
            new ReviewRow { JournalOffset = offset, Repo = judged.Repo.Value, Revision = judged.Commit, Judgement = judgement, Note = judged.Note, By = judged.By, At = judged.At.UtcTicks },
            token: cancel);
        await db.Repos.Where(row => row.Id == judged.Repo.Value && row.Revision == judged.Commit).Set(row => row.CaseState, judgement).UpdateAsync(cancel);
    }

    private async Task SuppressedAsync(ReviewEvents.Suppressed suppressed, CancellationToken cancel)
    {
        await db.InsertOrReplaceAsync(
            new SuppressionRow { Artifact = suppressed.Artifact.Hex, Sign = suppressed.Sign, Repo = suppressed.Repo.Value, Note = suppressed.Note, By = suppressed.By, At = suppressed.At.UtcTicks },
            token: cancel);
        await StateAgainAsync(suppressed.Artifact.Hex, cancel);
    }

    private async Task LiftedAsync(ReviewEvents.Lifted lifted, CancellationToken cancel)
    {
        await db.Suppressions.DeleteAsync(row => row.Artifact == lifted.Artifact.Hex && row.Sign == lifted.Sign, cancel);
        await StateAgainAsync(lifted.Artifact.Hex, cancel);
    }

    /// <summary>Repos with the content that nobody has judged move between new and suppressed.</summary>
    private async Task StateAgainAsync(string artifact, CancellationToken cancel)
    {
        var repos = await db.Files.Where(file => file.Artifact == artifact && file.Label >= (int)Label.Suspicious).Select(file => file.Repo).Distinct().ToListAsync(cancel);
        foreach (var repo in repos)
        {
            var files = await db.Files.Where(file => file.Repo == repo && file.Label >= (int)Label.Suspicious).ToListAsync(cancel);
            var verdicts = files.Select(file => new JudgedFile(file.Path, file.Size, Shared.Artifacts.Sha256.TryParse(file.Artifact), Stored.FromJson<FileVerdict>(file.Verdict!))).ToList();
            var state = await FirstStateAsync(db, new RepoVerdict(Label.Suspicious, 0, "", [], verdicts, Provisional: false), cancel);
            await db.Repos
                .Where(row => row.Id == repo && (row.CaseState == CaseState.New || row.CaseState == CaseState.Suppressed))
                .Set(row => row.CaseState, state)
                .UpdateAsync(cancel);
        }
    }
}
