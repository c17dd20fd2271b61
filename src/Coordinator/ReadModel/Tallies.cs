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
    public async Task CountRepoAsync(string repo, int sign, CancellationToken cancel)
    {
        if (await db.Repos.Where(row => row.Id == repo).Select(row => new { row.TaskCluster, row.Label }).FirstOrDefaultAsync(cancel) is not { } found)
        {
            return;
        }

        Add(TallyKind.Repos, found.TaskCluster, Stored.LabelName(found.Label) ?? TallyKind.Open, sign);
        var outcomes = await db.Files.Where(row => row.Repo == repo)
            .GroupBy(row => row.Outcome)
            .Select(group => new { Outcome = group.Key, Count = group.Count() })
            .ToListAsync(cancel);
        foreach (var outcome in outcomes)
        {
            Add(TallyKind.Files, found.TaskCluster, outcome.Outcome.Length == 0 ? TallyKind.Open : outcome.Outcome, sign * outcome.Count);
        }

        foreach (var indicator in await db.RepoIndicators.Where(row => row.Repo == repo).Select(row => row.Indicator).ToListAsync(cancel))
        {
            Add(TallyKind.Indicators, found.TaskCluster, indicator, sign);
        }
    }

    /// <inheritdoc cref="CountRepoAsync"/>
    public async Task CountArtifactAsync(string content, int sign, CancellationToken cancel)
    {
        var found = await db.Artifacts.Where(row => row.Content == content)
            .Select(row => new { row.Sha256, row.Fetched, row.Outcome })
            .FirstOrDefaultAsync(cancel);
        var countsUnderItsSha256 = found?.Sha256 is not null && content.StartsWith("git-", StringComparison.Ordinal);
        if (found is null || countsUnderItsSha256)
        {
            return;
        }

        Add(TallyKind.Artifacts, "", TallyKind.Fetched, found.Fetched ? sign : 0);
        Add(TallyKind.Artifacts, "", TallyKind.Analysed, found.Outcome.Length > 0 ? sign : 0);
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
