using DynaHug.Coordinator.Reports;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What reports ask beside what pages ask.</summary>
public sealed partial class ReadModelQueries
{
    /// <summary>Every revision that was ever confirmed, by repo, with what became of that.</summary>
    public async Task<IReadOnlyList<ConfirmedEntry>> ConfirmedAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        var confirmed = db.Reviews.Where(row => row.Judgement == CaseState.Confirmed).Select(row => row.Repo);
        var words = await db.Reviews.Where(row => row.Judgement != "" && confirmed.Contains(row.Repo)).OrderBy(row => row.JournalOffset).ToListAsync(cancel);
        var entries = new List<ConfirmedEntry>();
        foreach (var said in words.GroupBy(row => (row.Repo, row.Revision)).Where(group => group.Any(row => row.Judgement == CaseState.Confirmed)).OrderBy(group => group.Key))
        {
            var (repo, revision) = said.Key;
            var last = said.Last();
            var verdict = await db.Verdicts.Where(row => row.Repo == repo && row.Revision == revision).OrderByDescending(row => row.JournalOffset).FirstOrDefaultAsync(cancel);
            var contents = await db.Files
                .Where(file => file.Repo == repo && file.Label >= (int)Label.Suspicious && file.Artifact != null)
                .Where(file => db.Repos.Any(row => row.Id == repo && row.Revision == revision))
                .Select(file => file.Artifact!)
                .Distinct()
                .OrderBy(hex => hex)
                .ToListAsync(cancel);
            entries.Add(new ConfirmedEntry(
                repo,
                revision,
                Stored.Moment(said.First(row => row.Judgement == CaseState.Confirmed).At),
                Stored.Moment(last.At),
                last.Judgement == CaseState.Confirmed ? null : Stored.Moment(last.At),
                verdict is null ? [] : Stored.Texts(verdict.Reasons),
                [.. contents.Select(Sha256.Parse)]));
        }

        return entries;
    }

    /// <summary>The payloads that most flagged repos carry.</summary>
    public async Task<IReadOnlyDictionary<string, long>> TopPayloadsAsync(int count, CancellationToken cancel)
    {
        await using var db = database.Open();
        var groups = await db.Repos.Where(row => row.FlaggedAt != null)
            .GroupBy(row => row.Payload)
            .Select(group => new { group.Key, Repos = group.LongCount() })
            .OrderByDescending(group => group.Repos).ThenBy(group => group.Key)
            .Take(count)
            .ToListAsync(cancel);
        return groups.ToDictionary(group => group.Key, group => group.Repos);
    }
}
