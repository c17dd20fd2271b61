using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DynaHug.Coordinator.Monitoring;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Traces;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using Microsoft.AspNetCore.Mvc;

namespace DynaHug.Coordinator.Dashboard.Api;

/// <summary>The read model for programs, as JSON. Lists give at most a page and the cursor of the next.</summary>
internal static class ReadApi
{
    private const int LargestPage = 500;
    private const int DefaultPage = 100;

    /// <summary>Between two events of a stream, about: proxies end a connection on which nothing comes for a minute.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/overview", async (ReadModelQueries readModel, CancellationToken cancel) => new
        {
            overview = await readModel.OverviewAsync(cancel),
            taskClusters = await readModel.TaskClusterFiguresAsync(cancel),
            profiles = await readModel.ActiveProfilesAsync(cancel),
        }).WithSummary("Counts, figures by task cluster, active profiles");
        api.MapGet("/hub", async (HubWatch watch, CancellationToken cancel) =>
            await watch.TryReadAsync(cancel) is { } figures ? Results.Ok(figures) : Results.Problem("the watch over the hub does not answer yet", statusCode: StatusCodes.Status503ServiceUnavailable))
            .WithSummary("How far the watch over the hub is")
            .Produces<HubWatchFigures>();
        api.MapGet("/flagged", async ([AsParameters] ListQuery query, ReadModelQueries readModel, TimeProvider clock, CancellationToken cancel) =>
            query.Filter(clock.GetUtcNow(), out var filter) is { } wrong ? wrong : Results.Ok(await readModel.FlaggedAsync(filter, query.After, query.Size, cancel)))
            .WithSummary("Flagged repos, the newest flag first")
            .Produces<Paged<FlaggedRepo>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/repos", async ([AsParameters] ListQuery query, ReadModelQueries readModel, TimeProvider clock, CancellationToken cancel) =>
            query.Filter(clock.GetUtcNow(), out var filter) is { } wrong ? wrong : Results.Ok(await readModel.ReposAsync(filter, query.After, query.Size, cancel)))
            .WithSummary("Repos with their verdicts, the most-liked first")
            .Produces<Paged<RepoSummary>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/repos/{**id}", async (string id, ReadModelQueries readModel, CancellationToken cancel) =>
            !RepoId.TryParse(id, out var repo) ? NoName()
            : await readModel.RepoAsync(repo, cancel) is { } found ? Results.Ok(found)
            : NotObserved(repo))
            .WithSummary("One repo: current verdict, files with the verdict on each, history")
            .Produces<RepoDetails>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/evidence/{**id}", async (string id, string file, ReadModelQueries readModel, CancellationToken cancel) =>
            !RepoId.TryParse(id, out var repo) ? NoName()
            : await readModel.FileAsync(repo, file, cancel) is not { Content: { } content } ? NotObserved(repo)
            : await readModel.AnalysisAsync(content, cancel) is { } analysis ? Results.Ok(analysis)
            : Results.Problem("this file is not analysed yet", statusCode: StatusCodes.Status404NotFound))
            .WithSummary("What was seen of one file: static reading, system calls, indicators, processes")
            .Produces<ArtifactAnalysis>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/timeline/{**id}", async (string id, string file, string? q, int? process, int? after, int? limit, ReadModelQueries readModel, [FromServices] Timelines timelines, CancellationToken cancel) =>
            !RepoId.TryParse(id, out var repo) ? NoName()
            : await readModel.FileAsync(repo, file, cancel) is not { Content: { } content } ? NotObserved(repo)
            : (await readModel.AnalysisAsync(content, cancel))?.Trace is { } trace && await timelines.ReadAsync(trace, new TimelineQuery(q, process, after ?? 0, Math.Clamp(limit ?? DefaultPage, 1, LargestPage)), cancel) is { } timeline ? Results.Ok(timeline)
            : Results.Problem("the events of this file's load are not kept here", statusCode: StatusCodes.Status404NotFound))
            .WithSummary("What a load did, event by event, in its order; q is part of a call, path, argument or address")
            .Produces<Timeline>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/remarks/{**id}", async (string id, ReadModelQueries readModel, CancellationToken cancel) =>
            RepoId.TryParse(id, out var repo) ? Results.Ok(await readModel.RemarksAsync(repo, cancel)) : NoName())
            .WithSummary("What people have said of a repo, the last first")
            .Produces<IReadOnlyList<Remark>>();
        api.MapGet("/audit", async (string? by, string? action, string? after, int? limit, ReadModelQueries readModel, CancellationToken cancel) =>
            await readModel.AuditAsync(by, action, after, Math.Clamp(limit ?? DefaultPage, 1, LargestPage), cancel))
            .WithSummary("What people did, the last first")
            .RequireAuthorization(Policies.Triage);
        api.MapGet("/events", (HttpContext context, ReadModelQueries readModel, ReadModelPulse pulse, TimeProvider clock) =>
            TypedResults.ServerSentEvents(FlagsAsync(readModel, pulse, clock, LastSeen(context) ?? clock.GetUtcNow(), context.RequestAborted)))
            .WithSummary("A stream of what is newly flagged (server-sent events)")
            .WithDescription("Each event 'flagged' is a flagged repo; 'alive', at the start and while there is no news, says that the stream stands. The last id, sent back as Last-Event-ID, goes on where the stream broke off.");
    }

    private static DateTimeOffset? LastSeen(HttpContext context) =>
        long.TryParse(context.Request.Headers["Last-Event-ID"], out var ticks) && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Everything flagged after a moment, for as long as somebody listens. A slow listener gets the same flags later; nothing is kept for it.</summary>
    private static async IAsyncEnumerable<SseItem<FlaggedRepo?>> FlagsAsync(
        ReadModelQueries readModel, ReadModelPulse pulse, TimeProvider clock, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        var told = DateTimeOffset.MinValue;
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var subscription = pulse.Subscribe(() => changed.Writer.TryWrite(true));
        await using var beat = clock.CreateTimer(_ => changed.Writer.TryWrite(true), null, TimeSpan.Zero, Silence);
        await foreach (var _ in changed.Reader.ReadAllAsync(cancel))
        {
            await foreach (var repo in readModel.FlaggedSinceAsync(since, cancel))
            {
                (since, told) = (repo.FlaggedAt, clock.GetUtcNow());
                yield return new SseItem<FlaggedRepo?>(repo, "flagged") { EventId = $"{since.UtcTicks}" };
            }

            if (clock.GetUtcNow() - told >= Silence)
            {
                told = clock.GetUtcNow();
                yield return new SseItem<FlaggedRepo?>(null, "alive") { EventId = $"{since.UtcTicks}" };
            }
        }
    }

    private static IResult NoName() => Results.Problem("this is no repo name; expected org/name", statusCode: StatusCodes.Status400BadRequest);

    private static IResult NotObserved(RepoId repo) => Results.Problem($"no such repo or file of {repo} has been observed", statusCode: StatusCodes.Status404NotFound);

    /// <summary>What the lists take in the query string: the filters of the pages, and where to go on.</summary>
    internal sealed record ListQuery : RepoFilter
    {
        /// <summary>Cursor of the page.</summary>
        public string? After { get; init; }

        public int? Limit { get; init; }

        internal int Size => Math.Clamp(Limit ?? DefaultPage, 1, LargestPage);

        /// <summary>Gives the answer to a wrong query, or null.</summary>
        internal IResult? Filter(DateTimeOffset now, out RepoFilter filter)
        {
            filter = At(now);
            return Wrong(now) is { } wrong ? Results.Problem(wrong, statusCode: StatusCodes.Status400BadRequest) : null;
        }
    }
}
