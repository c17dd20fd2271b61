using DynaHug.Coordinator.Alerts;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>The day's flags in the order in which they are worth a person's time, for programs.</summary>
internal static class AlertsApi
{
    private const int LargestBudget = 500;

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/alerts", async (int? budget, AlertDesk desk, CancellationToken cancel) => budget is < 1 or > LargestBudget
            ? Results.Problem($"'budget' is a number from 1 to {LargestBudget}", statusCode: StatusCodes.Status400BadRequest)
            : Results.Ok(await desk.TodayAsync(budget, cancel)));
}
