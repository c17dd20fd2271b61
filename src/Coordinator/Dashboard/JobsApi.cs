using DynaHug.Coordinator.Dashboard.Api;
using DynaHug.Coordinator.Jobs;
using DynaHug.Shared.Jobs;
using Microsoft.AspNetCore.Mvc;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>Bulk rescans for programs, for those who manage the node: a job may keep all workers busy for days. What changes something takes JSON only, which no page of another origin can send without being asked first.</summary>
internal static class JobsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs").RequireAuthorization(Policies.Manage);
        jobs.MapGet("/", async ([FromServices] JobsClient client, CancellationToken cancel) => await client.AllAsync(cancel));
        jobs.MapGet("/{id:int}", async (int id, [FromServices] JobsClient client, CancellationToken cancel) =>
            (await client.AllAsync(cancel)).FirstOrDefault(job => job.Id == id) is { } found
                ? Results.Ok(found)
                : Results.Problem($"there is no job {id}", statusCode: StatusCodes.Status404NotFound));
        jobs.MapPost("/count", async (JobScope scope, [FromServices] JobsClient client, CancellationToken cancel) =>
        {
            var (repos, environment, refusal) = await client.CountAsync(scope, cancel);
            return refusal is null ? Results.Ok(new JobCount(repos, environment)) : Refused(refusal);
        });
        jobs.MapPost("/", async (JobScope scope, HttpContext context, [FromServices] JobsClient client, CancellationToken cancel) =>
        {
            var (id, refusal) = await client.StartAsync(scope, Person.NameOf(context.User), cancel);
            return refusal is null ? Results.Accepted($"/api/v1/jobs/{id}", new JobStarted(id)) : Refused(refusal);
        });
        jobs.MapPost("/{id:int}/status", async (int id, JobChange change, HttpContext context, [FromServices] JobsClient client, CancellationToken cancel) =>
            await client.SetStatusAsync(id, change.Status, Person.NameOf(context.User), cancel) is { } refusal ? Refused(refusal) : Results.Accepted($"/api/v1/jobs/{id}"));
    }

    private static IResult Refused(string why) => Results.Problem(why, statusCode: StatusCodes.Status409Conflict);

    /// <param name="Repos">Repos that would be analysed anew.</param>
    /// <param name="Environment">The newest environment.</param>
    internal sealed record JobCount(int Repos, string Environment);

    internal sealed record JobStarted(int Id);

    /// <param name="Status">Paused, running or cancelled.</param>
    internal sealed record JobChange(JobStatus Status);
}
