using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What is asked about people's words.</summary>
public sealed partial class ReadModelQueries
{
    /// <summary>Flagged repos that nobody has judged.</summary>
    public async Task<long> CountToJudgeAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Repos.LongCountAsync(row => row.FlaggedAt != null && row.CaseState == CaseState.New, cancel);
    }

    /// <summary>Flagged repos by where their flags stand with people, one of <see cref="CaseState"/>.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CasesAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return await Flags(db, new RepoFilter()).GroupBy(row => row.CaseState).Select(group => new { group.Key, Count = group.LongCount() }).ToDictionaryAsync(found => found.Key, found => found.Count, cancel);
    }

    /// <summary>What people have said of a repo, the last first.</summary>
    public async Task<IReadOnlyList<Remark>> RemarksAsync(RepoId repo, CancellationToken cancel)
    {
        await using var db = database.Open();
        var rows = await db.Reviews.Where(row => row.Repo == repo.Value).OrderByDescending(row => row.JournalOffset).Take(ShownVerdicts).ToListAsync(cancel);
        return [.. rows.Select(row => new Remark(row.Revision, row.Judgement, row.Note, row.By, Stored.Moment(row.At)))];
    }

    /// <summary>Suppressions of the contents of one repo's current revision.</summary>
    public async Task<IReadOnlyList<Suppression>> SuppressionsAsync(RepoId repo, CancellationToken cancel)
    {
        await using var db = database.Open();
        var contents = db.Files.Where(file => file.Repo == repo.Value && file.Artifact != null).Select(file => file.Artifact!);
        var rows = await db.Suppressions.Where(row => contents.Contains(row.Artifact)).OrderBy(row => row.Artifact).ThenBy(row => row.Sign).Take(ShownFiles).ToListAsync(cancel);
        return [.. rows.Select(row => new Suppression(Sha256.Parse(row.Artifact), row.Sign, RepoId.Parse(row.Repo), row.Note, row.By, Stored.Moment(row.At)))];
    }

    /// <summary>What people did, the last first.</summary>
    /// <param name="by">Only what this one did; null for all.</param>
    /// <param name="action">Only this action; null for all.</param>
    public async Task<Paged<AuditEntry>> AuditAsync(string? by, string? action, string? after, int size, CancellationToken cancel)
    {
        await using var db = database.Open();
        IQueryable<AuditRow> rows = db.Audit;
        rows = by is { Length: > 0 } ? rows.Where(row => row.By == by) : rows;
        rows = action is { Length: > 0 } ? rows.Where(row => row.Action == action) : rows;
        rows = long.TryParse(after, out var offset) ? rows.Where(row => row.JournalOffset < offset) : rows;
        var page = await rows.OrderByDescending(row => row.JournalOffset).Take(size + 1).ToListAsync(cancel);
        return new Paged<AuditEntry>(
            [.. page.Take(size).Select(row => new AuditEntry(Stored.Moment(row.At), row.By, row.Action, row.Subject, row.Detail))],
            page.Count > size ? $"{page[size - 1].JournalOffset}" : null);
    }

    public async Task<IReadOnlyList<SavedView>> SavedViewsAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return [.. (await db.SavedViews.OrderBy(row => row.Name).ToListAsync(cancel)).Select(row => new SavedView(row.Name, row.Address, row.By))];
    }
}
