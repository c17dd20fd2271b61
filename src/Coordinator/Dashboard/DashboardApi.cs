using DynaHug.Coordinator.Monitoring;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

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
        api.MapGet("/flagged", async ([AsParameters] ListQuery query, ReadModelQueries readModel, CancellationToken cancel) =>
            query.Filter(out var filter) is { } wrong ? wrong : Results.Ok(await readModel.FlaggedAsync(filter, query.After, query.Size, cancel)));
        api.MapGet("/repos", async ([AsParameters] ListQuery query, ReadModelQueries readModel, CancellationToken cancel) =>
            query.Filter(out var filter) is { } wrong ? wrong : Results.Ok(await readModel.ReposAsync(filter, query.After, query.Size, cancel)));
        api.MapGet("/repos/{**id}", async (string id, ReadModelQueries readModel, CancellationToken cancel) =>
            !RepoId.TryParse(id, out var repo) ? Results.Problem("this is no repo name; expected org/name", statusCode: StatusCodes.Status400BadRequest)
            : await readModel.RepoAsync(repo, cancel) is { } found ? Results.Ok(found)
            : Results.Problem($"no repo {repo} has been observed", statusCode: StatusCodes.Status404NotFound));
    }

    /// <summary>What the lists take in the query string; the same names as the pages.</summary>
    internal sealed record ListQuery(string? Q, string? Label, string? Cluster, string? Outcome, string? Indicator, string? After, int? Limit)
    {
        public int Size => Math.Clamp(Limit ?? DefaultPage, 1, LargestPage);

        /// <summary>Gives the answer to a wrong query, or null.</summary>
        public IResult? Filter(out RepoFilter filter)
        {
            filter = new RepoFilter(Q, FilterNames.Find<Label>(Label), Cluster, FilterNames.Find<Outcome>(Outcome), Indicator);
            return (Label is { Length: > 0 } && filter.Label is null) ? Wrong("label", Enum.GetValues<Label>().Select(label => label.Name()))
                : (Outcome is { Length: > 0 } && filter.Outcome is null) ? Wrong("outcome", Enum.GetValues<Outcome>().Select(outcome => outcome.Name()))
                : null;
        }

        private static IResult Wrong(string name, IEnumerable<string> known) =>
            Results.Problem($"'{name}' is one of {string.Join(", ", known)}", statusCode: StatusCodes.Status400BadRequest);
    }
}
