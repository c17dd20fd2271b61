using Akka.Actor;
using Akka.Hosting;
using DynaHug.Coordinator.Admission;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Monitoring;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace DynaHug.Coordinator.Dashboard.Api;

/// <summary>
/// <c>GET /api/v1/verdicts/{org}/{name}[@revision]</c>: answers at once from the read model by the node's policy; <c>denyFrom</c> takes the policy's place. Without a
/// revision, or with <c>main</c>, the current one is meant; a former one is answered by the last verdict on it. <c>queue=true</c> has the repo looked at before all other work where
/// there is no verdict: a revision that is its newest is then analysed, and no older one.
/// </summary>
internal static class AdmissionApi
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/verdicts/{**subject}", AnswerAsync)
        .WithName("admission")
        .WithSummary("May this revision come in?")
        .WithDescription("subject is org/name or org/name@revision. Answers allow, deny or unknown with a reason, at once. Unknown is never the same as allowed.")
        .Produces<AdmissionAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireAuthorization(Policies.Admission);

    private static async Task<IResult> AnswerAsync(
        string subject,
        string? denyFrom,
        bool? queue,
        ReadModelQueries readModel,
        [FromServices] AdmissionPolicy policy,
        [FromServices] IReadOnlyActorRegistry actors,
        HttpContext context,
        CancellationToken cancel)
    {
        if (!RepoId.TryParse(subject, out var repo, out var named) || named is "")
        {
            return Wrong("expected /api/v1/verdicts/org/name or /api/v1/verdicts/org/name@revision");
        }

        if (denyFrom is not null)
        {
            if (FilterNames.Find<Label>(denyFrom) is not (Label.Suspicious or Label.Malicious))
            {
                return Wrong("'denyFrom' is one of suspicious, malicious");
            }

            policy = policy with { DenyFrom = FilterNames.Find<Label>(denyFrom)!.Value };
        }

        var revision = named ?? AdmissionCheck.Branch;
        var known = await readModel.RepoAsync(repo, cancel);
        if (known is not null && revision != AdmissionCheck.Branch && revision != known.Summary.Revision)
        {
            known = known with { History = await readModel.VerdictsOfAsync(repo, revision, cancel) };
        }

        var answer = AdmissionCheck.Of(repo, revision, policy, known, await readModel.RemarksAsync(repo, cancel));
        if (queue == true && answer.Label is null)
        {
            actors.Get<Keys.HubMonitor>().Tell(new MonitorCommands.Refresh(repo), ActorRefs.NoSender);
            return Results.Json(answer with { Queued = true }, statusCode: StatusCodes.Status202Accepted);
        }

        var tag = new EntityTagHeaderValue($"\"{answer.Decision.Name()}-{answer.Revision ?? "none"}-{answer.JudgedAt?.UtcTicks ?? 0}-{answer.Case}\"");
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.GetTypedHeaders().ETag = tag;
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(given => given.Compare(tag, useStrongComparison: false))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Ok(answer);
    }

    private static IResult Wrong(string what) => Results.Problem(what, statusCode: StatusCodes.Status400BadRequest);
}
