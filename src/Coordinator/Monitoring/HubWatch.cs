using Akka.Actor;
using Akka.Hosting;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Monitoring;

namespace DynaHug.Coordinator.Monitoring;

/// <summary>How far the watch over the hub is, and what it still costs.</summary>
/// <param name="Listed">Repos listed by the current or last walk.</param>
/// <param name="Problem">Why the hub cannot be listed at the moment; empty when it can.</param>
/// <param name="Budgets">Requests left, by the hub's quotas.</param>
/// <param name="OpenRepos">Observed repos without a verdict.</param>
/// <param name="OpenContents">Files of current revisions that are not analysed.</param>
/// <param name="Eta">How long the hub's quotas make the rest of the known work take; null where no quota is known or nothing is left.</param>
public sealed record HubWatchFigures(
    long Listed, bool WalkFinished, string Problem, IReadOnlyList<BudgetFigures> Budgets, long OpenRepos, long OpenContents, TimeSpan? Eta);

/// <summary>Reads the figures of the watch for pages and the API.</summary>
public sealed class HubWatch(IServiceProvider services, ReadModelQueries readModel)
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(3);

    /// <summary>The public hub's window, in which quotas are counted.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>A repo's revision and its tree.</summary>
    private const int RequestsPerRepo = 2;

    /// <summary>The figures; null while the watch does not answer, as at the start.</summary>
    public async Task<HubWatchFigures?> TryReadAsync(CancellationToken cancel)
    {
        try
        {
            return services.GetService<IReadOnlyActorRegistry>() is { } actors ? await ReadAsync(actors, cancel) : null;
        }
        catch (Exception notYet) when (notYet is AskTimeoutException or MissingActorRegistryEntryException)
        {
            return null;
        }
    }

    private async Task<HubWatchFigures> ReadAsync(IReadOnlyActorRegistry actors, CancellationToken cancel)
    {
        var status = await actors.Get<Keys.HubMonitor>().Ask<MonitorReplies.Status>(new MonitorCommands.GetStatus(), AskTimeout, cancel);
        var budget = await actors.Get<Keys.HubBudget>().Ask<BudgetReplies.Status>(new BudgetCommands.GetStatus(), AskTimeout, cancel);
        var overview = await readModel.OverviewAsync(cancel);
        var contents = overview.Coverage.GetValueOrDefault("open");
        return new HubWatchFigures(
            status.Listed, status.WalkFinished, status.Problem, budget.Buckets, overview.OpenRepos, contents, EtaOf(budget.Buckets, overview.OpenRepos, contents));
    }

    /// <summary>The slower of both quotas decides: two calls of the API a repo without a verdict, one download a content that is not fetched.</summary>
    internal static TimeSpan? EtaOf(IReadOnlyList<BudgetFigures> budgets, long openRepos, long openContents)
    {
        var times = budgets
            .Select(bucket => (bucket.Quota, Requests: bucket.Bucket switch { "api" => openRepos * RequestsPerRepo, "resolvers" => openContents, _ => 0 }))
            .Where(need => need is { Quota: > 0, Requests: > 0 })
            .Select(need => Window * ((double)need.Requests / need.Quota!.Value))
            .ToList();
        return times.Count == 0 ? null : times.Max();
    }
}
