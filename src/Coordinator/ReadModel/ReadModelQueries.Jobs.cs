using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Jobs;
using DynaHug.Shared.Wire;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What bulk rescans ask.</summary>
public sealed partial class ReadModelQueries
{
    private static readonly string FailedHere = Outcome.Error.Name();

    /// <summary>Outcomes that another environment may change: it may know the format, or load what this one could not.</summary>
    private static readonly string[] MayEndOtherwise = [Outcome.Unsupported.Name(), Outcome.LoadFailed.Name(), Outcome.TimedOut.Name()];

    /// <summary>Repos that a bulk rescan of this scope would analyse anew.</summary>
    /// <param name="newest">The newest environment.</param>
    public async Task<int> CountRescanAsync(JobScope scope, string newest, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await InScope(db, scope, newest, await FirstSeenAsync(db, newest, cancel)).CountAsync(cancel);
    }

    /// <summary>The next of them, by name.</summary>
    /// <param name="after">The last one before; empty for the first.</param>
    public async Task<IReadOnlyList<SentRepo>> RescanPageAsync(JobScope scope, string newest, string after, int size, CancellationToken cancel)
    {
        await using var db = database.Open();
        var page = await InScope(db, scope, newest, await FirstSeenAsync(db, newest, cancel))
            .Where(row => row.Id.CompareTo(after) > 0)
            .OrderBy(row => row.Id)
            .Take(size)
            .Select(row => new { row.Id, row.Revision, row.Label })
            .ToListAsync(cancel);
        return [.. page.Select(row => new SentRepo(RepoId.Parse(row.Id), row.Revision, Stored.LabelOf(row.Label)))];
    }

    /// <summary>Of the repos that were sent on a rescan those that have a verdict of after that.</summary>
    public async Task<IReadOnlyList<JudgedRepo>> JudgedSinceAsync(IEnumerable<(SentRepo Repo, DateTimeOffset At)> sent, CancellationToken cancel)
    {
        await using var db = database.Open();
        var judged = new List<JudgedRepo>();
        foreach (var page in sent.Chunk(WorkPage))
        {
            var sentAt = page.ToDictionary(entry => entry.Repo.Repo.Value, entry => entry.At.UtcTicks);
            var ids = sentAt.Keys.ToList();
            var rows = await db.Repos.Where(row => ids.Contains(row.Id) && row.Label != null).Select(row => new { row.Id, row.Label, row.JudgedAt }).ToListAsync(cancel);
            judged.AddRange(rows.Where(row => row.JudgedAt >= sentAt[row.Id]).Select(row => new JudgedRepo(RepoId.Parse(row.Id), Stored.LabelOf(row.Label))));
        }

        return judged;
    }

    private static IQueryable<RepoRow> InScope(ReadModelConnection db, JobScope scope, string newest, long firstSeen)
    {
        var rows = db.Repos.Where(row => row.Label != null);
        if (scope.TaskCluster is { Length: > 0 } taskCluster)
        {
            rows = rows.Where(row => row.TaskCluster == taskCluster);
        }

        if (scope.Label is { } label)
        {
            rows = rows.Where(row => row.Label == (int)label);
        }

        if (scope.TraceEnvironment is { Length: > 0 } environment)
        {
            rows = rows.Where(row => db.Files.Any(file => file.Repo == row.Id && file.ScorableIn == environment));
        }

        if (scope.Repos is { } repos)
        {
            var ids = repos.Select(repo => repo.Value).ToList();
            rows = rows.Where(row => ids.Contains(row.Id));
        }

        return scope.All ? rows : rows.Where(row => db.Files.Any(file => file.Repo == row.Id && (
            (file.ScorableIn != "" && file.ScorableIn != newest)
            || file.Outcome == FailedHere
            || (row.JudgedAt < firstSeen && MayEndOtherwise.Contains(file.Outcome)))));
    }

    private static Task<long> FirstSeenAsync(ReadModelConnection db, string environment, CancellationToken cancel) =>
        db.Environments.Where(row => row.Id == environment).Select(row => row.FirstSeen).FirstOrDefaultAsync(cancel);
}
