using Akka.Actor;
using Akka.Hosting;
using DynaHug.Coordinator.Admission;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Monitoring;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using DynaHug.Shared.Work;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace DynaHug.Coordinator.Dashboard.Api;

/// <summary>
/// <c>GET /api/v1/verdicts/{org}/{name}[@revision]</c>: answers at once from the read model by the node's policy; <c>denyFrom</c> takes the policy's place. Without a
/// revision, or with <c>main</c>, the current one is meant; another is answered by the last verdict on it. <c>queue=true</c> has the repo and the revision looked at before all other
/// work where there is no verdict, and lets branches and tags be named.
/// </summary>
internal static class AdmissionApi
{
    /// <summary>How long the hub may take to say which commit a branch or tag is.</summary>
    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A revision of which nothing can be said, gated perhaps, or not there, is not looked at again before this time is over.</summary>
    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromHours(1);

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
        [FromServices] HubClient hub,
        [FromServices] TimeProvider clock,
        HttpContext context,
        CancellationToken cancel)
    {
        if (!RepoId.TryParse(subject, out var repo, out var named) || named is "")
        {
            return Wrong("expected /api/v1/verdicts/org/name or /api/v1/verdicts/org/name@revision");
        }

        if (denyFrom is not null)
        {
            if (Names.Find<Label>(denyFrom) is not (Label.Suspicious or Label.Malicious))
            {
                return Wrong("'denyFrom' is one of suspicious, malicious");
            }

            policy = policy with { DenyFrom = Names.Find<Label>(denyFrom)!.Value };
        }

        var revision = named ?? AdmissionCheck.Branch;
        if (queue == true && revision != AdmissionCheck.Branch && !AdmissionCheck.IsCommit(revision))
        {
            (var commit, var problem) = await ResolveAsync(hub, repo, revision, clock, cancel);
            if (commit is null)
            {
                return Results.Ok(AdmissionCheck.Unresolved(repo, policy, problem));
            }

            revision = commit;
        }

        var known = await readModel.RepoAsync(repo, cancel);
        var isCurrent = revision == AdmissionCheck.Branch || revision == known?.Summary.Revision;
        if (known is not null && !isCurrent)
        {
            known = known with { History = await readModel.VerdictsOfAsync(repo, revision, cancel) };
        }

        var pinned = !isCurrent && await readModel.IsPinnedAsync(repo, revision, cancel);
        var answer = AdmissionCheck.Of(repo, revision, policy, known, await readModel.RemarksAsync(repo, cancel), pinned);
        var isStale = !isCurrent && answer is { Label: Label.Unknown, JudgedAt: { } judgedAt } && judgedAt < clock.GetUtcNow() - AskedAgainAfter;
        if (queue == true && (answer.Label is null || isStale))
        {
            actors.Get<Keys.HubMonitor>().Tell(new MonitorCommands.Refresh(repo, Revision: isCurrent ? null : revision), ActorRefs.NoSender);
            return Results.Json(answer with { Queued = true }, statusCode: StatusCodes.Status202Accepted);
        }

        var tag = new EntityTagHeaderValue($"\"{answer.Decision.Name()}-{answer.Revision ?? "none"}-{answer.JudgedAt?.UtcTicks ?? 0}-{answer.Case}\"");
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.GetTypedHeaders().ETag = tag;
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(given => given.Compare(tag, useStrongComparison: false))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Ok(answer);
    }

    /// <summary>Asks the hub each time: what a name stands for today says nothing of tomorrow.</summary>
    private static async Task<(string? Commit, string Problem)> ResolveAsync(HubClient hub, RepoId repo, string name, TimeProvider clock, CancellationToken cancel)
    {
        CurrentLane.Value = Lane.Request;
        using var timeout = new CancellationTokenSource(ResolveTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            return await hub.ResolveAsync(repo, name, either.Token) switch
            {
                RevisionAnswer.Found found => (found.Revision.Commit, ""),
                RevisionAnswer.NoRevision missing => (null, missing.Reason),
                RevisionAnswer.Gone gone => (null, gone.Reason),
                RevisionAnswer.Gated gated => (null, gated.Reason),
                RevisionAnswer.Renamed renamed => (null, $"this repo is called {renamed.To} now"),
                var other => throw new InvalidOperationException($"unknown answer {other.GetType().Name}"),
            };
        }
        catch (HubException failure)
        {
            return (null, $"the hub could not be asked which commit this is: {failure.Message}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, $"the hub has not said within {ResolveTimeout.TotalSeconds:0} s which commit this is; ask again");
        }
    }

    private static IResult Wrong(string what) => Results.Problem(what, statusCode: StatusCodes.Status400BadRequest);
}
