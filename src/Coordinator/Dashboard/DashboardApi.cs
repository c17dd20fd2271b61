using DynaHug.Coordinator.Monitoring;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Hub;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>The read model for programs, as JSON. Lists give at most a page and the cursor of the next.</summary>
internal static class DashboardApi
{
    private const int LargestPage = 500;
    private const int DefaultPage = 100;

    public static void Map(WebApplication app)
    {
        app.MapGet("/healthz", async (ReadModelQueries readModel, CancellationToken cancel) =>
        {
            await readModel.ChangeMarkAsync(cancel);
            return Results.Text("ok");
        });
        var api = app.MapGroup("/api");
        ProfilesApi.Map(api);
        api.MapGet("/overview", async (ReadModelQueries readModel, CancellationToken cancel) => new
        {
            overview = await readModel.OverviewAsync(cancel),
            taskClusters = await readModel.TaskClusterFiguresAsync(cancel),
            profiles = await readModel.ActiveProfilesAsync(cancel),
        });
        api.MapGet("/hub", async (HubWatch watch, CancellationToken cancel) =>
            await watch.TryReadAsync(cancel) is { } figures ? Results.Ok(figures) : Results.Problem("the watch over the hub does not answer yet", statusCode: StatusCodes.Status503ServiceUnavailable));
        api.MapGet("/flagged", async ([AsParameters] ListQuery query, ReadModelQueries readModel, TimeProvider clock, CancellationToken cancel) =>
            query.Filter(clock.GetUtcNow(), out var filter) is { } wrong ? wrong : Results.Ok(await readModel.FlaggedAsync(filter, query.After, query.Size, cancel)));
        api.MapGet("/repos", async ([AsParameters] ListQuery query, ReadModelQueries readModel, TimeProvider clock, CancellationToken cancel) =>
            query.Filter(clock.GetUtcNow(), out var filter) is { } wrong ? wrong : Results.Ok(await readModel.ReposAsync(filter, query.After, query.Size, cancel)));
        api.MapGet("/repos/{**id}", async (string id, ReadModelQueries readModel, CancellationToken cancel) =>
            !RepoId.TryParse(id, out var repo) ? Results.Problem("this is no repo name; expected org/name", statusCode: StatusCodes.Status400BadRequest)
            : await readModel.RepoAsync(repo, cancel) is { } found ? Results.Ok(found)
            : Results.Problem($"no repo {repo} has been observed", statusCode: StatusCodes.Status404NotFound));
    }

    /// <summary>What the lists take in the query string; the same names as the pages.</summary>
    internal sealed record ListQuery(
        string? Q,
        string? Label,
        string? Cluster,
        string? Outcome,
        string? Indicator,
        string? State,
        string? Payload,
        string? Author,
        double? MinScore,
        long? MinLikes,
        string? Since,
        string? After,
        int? Limit)
    {
        public int Size => Math.Clamp(Limit ?? DefaultPage, 1, LargestPage);

        /// <summary>Gives the answer to a wrong query, or null.</summary>
        public IResult? Filter(DateTimeOffset now, out RepoFilter filter)
        {
            var filters = new Filters(Q, Label, Cluster, Outcome, Indicator, State, Payload, Author, MinScore, MinLikes, Since);
            filter = filters.Read(now);
            return filters.Wrong(now) is { } wrong ? Results.Problem(wrong, statusCode: StatusCodes.Status400BadRequest) : null;
        }
    }
}
