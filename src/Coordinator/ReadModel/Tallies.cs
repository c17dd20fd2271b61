using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// Keeps the running counts exact: what the touched repos and contents add up to is taken away before a batch changes them and added
/// again afterwards, in the batch's own transaction.
/// </summary>
internal sealed class Tallies(ReadModelConnection db)
{
    private readonly Dictionary<(string Kind, string TaskCluster, string Item), long> changes = [];

    public void Add(string kind, string taskCluster, string item, long amount = 1)
    {
        var key = (kind, taskCluster, item);
        changes[key] = changes.GetValueOrDefault(key) + amount;
    }

    /// <param name="sign">-1 before the change, +1 after it.</param>
    public async Task CountReposAsync(RepoRows repos, int sign, CancellationToken cancel)
    {
        foreach (var row in repos.All)
        {
            Add(TallyKind.Repos, row.TaskCluster, Stored.LabelName(row.Label) ?? TallyKind.Open, sign);
            foreach (var indicator in Stored.Words(row.Indicators))
            {
                Add(TallyKind.Indicators, row.TaskCluster, indicator, sign);
            }
        }

        foreach (var some in repos.NotBare)
        {
            var outcomes = await db.Files.Where(row => some.Contains(row.Repo))
                .GroupBy(row => new { row.Repo, row.Outcome })
                .Select(group => new { group.Key.Repo, group.Key.Outcome, Count = group.Count() })
                .ToListAsync(cancel);
            foreach (var outcome in outcomes)
            {
                Add(TallyKind.Files, repos.Find(outcome.Repo)!.TaskCluster, outcome.Outcome.Length == 0 ? TallyKind.Open : outcome.Outcome, sign * outcome.Count);
            }
        }
    }

    /// <inheritdoc cref="CountReposAsync"/>
    public async Task CountArtifactsAsync(IEnumerable<string> contents, int sign, CancellationToken cancel)
    {
        foreach (var some in contents.Chunk(RepoRows.AtATime))
        {
            var found = await db.Artifacts.Where(row => some.Contains(row.Content))
                .Select(row => new { row.Content, row.Sha256, row.Fetched, row.Outcome })
                .ToListAsync(cancel);

            // A content that is known by its git hash counts under its sha256.
            foreach (var row in found.Where(row => row.Sha256 is null || !row.Content.StartsWith("git-", StringComparison.Ordinal)))
            {
                Add(TallyKind.Artifacts, "", TallyKind.Fetched, row.Fetched ? sign : 0);
                Add(TallyKind.Artifacts, "", TallyKind.Analysed, row.Outcome.Length > 0 ? sign : 0);
            }
        }
    }

    public async Task StoreAsync(CancellationToken cancel)
    {
        foreach (var ((kind, taskCluster, item), amount) in changes.Where(change => change.Value != 0))
        {
            await db.Tallies.InsertOrUpdateAsync(
                () => new TallyRow { Kind = kind, TaskCluster = taskCluster, Item = item, Amount = amount },
                row => new TallyRow { Amount = row.Amount + amount },
                token: cancel);
        }

        await db.Tallies.DeleteAsync(row => row.Amount == 0, cancel);
    }
}
