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
    public void CountRepos(RepoRows repos, FileRows files, int sign)
    {
        foreach (var row in repos.All)
        {
            Add(TallyKind.Repos, row.TaskCluster, Stored.LabelName(row.Label) ?? TallyKind.Open, sign);
            foreach (var indicator in Stored.Lines(row.Indicators))
            {
                Add(TallyKind.Indicators, row.TaskCluster, indicator, sign);
            }
        }

        foreach (var file in files.All)
        {
            Add(TallyKind.Files, repos.Find(file.Repo)!.TaskCluster, file.Outcome.Length == 0 ? TallyKind.Open : file.Outcome, sign);
        }

    }

    /// <inheritdoc cref="CountRepos"/>
    public void CountArtifacts(ContentRows contents, int sign)
    {
        // A content that is known by its git hash counts under its sha256.
        foreach (var row in contents.All.Where(row => row.Sha256 is null || !row.Content.StartsWith("git-", StringComparison.Ordinal)))
        {
            Add(TallyKind.Artifacts, "", TallyKind.Fetched, row.Fetched ? sign : 0);
            Add(TallyKind.Artifacts, "", TallyKind.Analysed, row.Outcome.Length > 0 ? sign : 0);
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
