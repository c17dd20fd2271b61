using System.Security.Claims;
using Akka.Actor;
using Akka.Hosting;
using DynaHug.Coordinator.Dashboard.Api;
using DynaHug.Coordinator.Desk;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Training;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Reviews;
using Microsoft.AspNetCore.Mvc;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>
/// Profiles for programs: what is there, what each candidate would change, and a person's decision. The two that change something take JSON only, which
/// no page of another origin can send without being asked first.
/// </summary>
internal static class ProfilesApi
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(30);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/profiles", async (ReadModelQueries readModel, CancellationToken cancel) => (await readModel.ProfilesAsync(cancel)).Select(ProfileVersion.Of));
        api.MapGet("/profiles/{taskCluster}/{version:int}/changes", async (string taskCluster, int version, string? environment, ReadModelQueries readModel, [FromServices] BlobStore blobs, CancellationToken cancel) =>
            await FindAsync(readModel, taskCluster, version, environment, cancel) is { Comparison: { } comparison }
                ? Results.Ok(await Comparer.DetailsAsync(blobs, comparison, cancel))
                : Results.Problem($"there is no comparison of version {version} of this task cluster", statusCode: StatusCodes.Status404NotFound));
        api.MapPost("/profiles/activate", async (Choice choice, ReadModelQueries readModel, [FromServices] IReadOnlyActorRegistry actors, [FromServices] DeskClient desk, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            if (await FindAsync(readModel, choice.TaskCluster, choice.Version, choice.Environment, cancel) is not { } found)
            {
                return Results.Problem($"there is no version {choice.Version} of this task cluster", statusCode: StatusCodes.Status404NotFound);
            }

            await ActivateAsync(actors, desk, found, Person.NameOf(user), cancel);
            return Results.Accepted();
        }).RequireAuthorization(Policies.Manage);
        api.MapPost("/training/cancel", async (Nothing _, [FromServices] IReadOnlyActorRegistry actors, [FromServices] DeskClient desk, ClaimsPrincipal user, CancellationToken cancel) =>
        {
            await desk.TellAsync(new DeskCommands.Note(new AuditLine("cancelled-fit", "training", ""), Person.NameOf(user)), cancel);
            actors.Get<Keys.Trainer>().Tell(new TrainingCommands.CancelFit());
            return Results.Accepted();
        }).RequireAuthorization(Policies.Manage);
    }

    /// <summary>A person's decision, who is written down; verdicts follow as the trainer goes over the stored traces.</summary>
    public static async Task ActivateAsync(IReadOnlyActorRegistry actors, DeskClient desk, ProfileSummary version, string by, CancellationToken cancel)
    {
        var detail = $"version {version.Version}, profile {version.Blob.Hex[..12]}, environment {version.Environment}";
        await desk.TellAsync(new DeskCommands.Note(new AuditLine("activated-profile", version.TaskCluster, detail), by), cancel);
        await actors.Get<Keys.ProfileRegion>().Ask<ProfileReplies.Recorded>(
            new ProfileCommands.Activate(version.TaskCluster, version.Environment, version.Version), AskTimeout, cancel);
    }

    private static async Task<ProfileSummary?> FindAsync(ReadModelQueries readModel, string taskCluster, int version, string? environment, CancellationToken cancel) =>
        (await readModel.ProfilesAsync(cancel))
            .Where(row => row.TaskCluster == taskCluster && row.Version == version && (environment is null || row.Environment == environment))
            .MaxBy(row => row.FittedAt);

    /// <param name="Environment">The newest when null.</param>
    internal sealed record Choice(string TaskCluster, int Version, string? Environment = null);

    /// <summary>An empty JSON object.</summary>
    internal sealed record Nothing;
}
