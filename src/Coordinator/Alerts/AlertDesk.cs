using DynaHug.Coordinator.ReadModel;

namespace DynaHug.Coordinator.Alerts;

/// <summary>The alerts of the last day, for the page and the API.</summary>
public sealed class AlertDesk(ReadModelQueries readModel, AlertOptions options, TimeProvider clock)
{
    /// <param name="budget">Flags to show; the node's own budget when null.</param>
    public async Task<AlertList> TodayAsync(int? budget, CancellationToken cancel)
    {
        var since = clock.GetUtcNow() - TimeSpan.FromDays(1);
        var (fresh, flagged, repos) = await readModel.FlagsOfTheDayAsync(since, cancel);
        var alerts = AlertOrder.Of(repos, budget ?? options.ADay);
        var expected = fresh * options.BaseRate;
        return new AlertList(since, budget ?? options.ADay, fresh, flagged, options.BaseRate, expected, AlertOrder.ExpectedPrecision(expected, alerts.Count), alerts);
    }
}
