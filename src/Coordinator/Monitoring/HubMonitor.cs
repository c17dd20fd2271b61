using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Crawler.Hub;
using DynaHug.Shared;
using DynaHug.Shared.Monitoring;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Static;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Monitoring;

/// <summary>
/// Watches the hub: walks all of it once after a start, then asks again and again for what changed last, and tells each repo's
/// entity what it saw. Entities ignore what they know, so a walk repeated after a crash costs listing calls only. A cluster singleton.
/// </summary>
public sealed class HubMonitor : ReceiveActor, IWithTimers
{
    /// <summary>Entities told at a time; bounds what a listing page can pour into the cluster.</summary>
    private const int Parallelism = 16;

    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>How far behind the newest change a look goes: clocks of a hub's servers differ, and pages move while they are read.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    private readonly IActorRef repos;
    private readonly HubClient hub;
    private readonly ILogger<HubMonitor> logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly TimeSpan interval;
    private readonly HashSet<int> walked = [];
    private long listed;
    private DateTimeOffset newest;
    private bool walkFinished;
    private string problem = "";
    private int failures;

    public HubMonitor(IActorRef repos, HubClient hub, NodeOptions options, ILogger<HubMonitor> logger)
    {
        this.repos = repos;
        this.hub = hub;
        this.logger = logger;
        interval = TimeSpan.FromSeconds(options.PollSeconds);

        Receive<Look>(_ => LookAsync(walkFinished ? newest - Overlap : null, stopping.Token).PipeTo(
            Self,
            success: seen => new Looked(seen, null),
            failure: failure => new Looked(null, failure)));
        Receive<Looked>(Finish);
        Receive<MonitorCommands.GetStatus>(_ =>
            Sender.Tell(new MonitorReplies.Status(Interlocked.Read(ref listed), hub.SkippedEntries, walkFinished, problem)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(new Look());

    protected override void PostStop()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    /// <summary>Lists everything, or what changed since a moment, newest first; gives the newest change seen.</summary>
    private async Task<DateTimeOffset?> LookAsync(DateTimeOffset? since, CancellationToken cancel)
    {
        var query = since is null ? HubQuery.All : HubQuery.ChangedSince(since.Value);
        var lane = since is null ? Lane.Bulk : Lane.Upload;
        var newestSeen = default(DateTimeOffset?);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancel };
        await Parallel.ForEachAsync(hub.ListAsync(query, cancel), limits, async (repo, token) =>
        {
            await TellAsync(repo, lane, token);
            Instruments.Stages.Add(1, new KeyValuePair<string, object?>(Instruments.StageTag, "listed"));
            lock (walked)
            {
                // Hashes suffice: a collision only makes the count smaller than it is.
                listed += since is null && walked.Add(repo.Repo.GetHashCode()) ? 1 : 0;
                newestSeen = newestSeen > repo.Facts.LastModified ? newestSeen : repo.Facts.LastModified;
            }
        });
        return newestSeen;
    }

    private async Task TellAsync(ListedRepo repo, Lane lane, CancellationToken cancel)
    {
        await repos.Ask<RepoReplies.Recorded>(new RepoCommands.Observe(repo.Repo, repo.Commit, repo.Facts, lane), StoreTimeout, cancel);
        if (repo.FileNames is { } names && !names.Any(ModelFiles.IsCandidate))
        {
            await repos.Ask<RepoReplies.Recorded>(new RepoCommands.RecordPlan(repo.Repo, repo.Commit, [], names.Count), StoreTimeout, cancel);
        }
    }

    private void Finish(Looked looked)
    {
        if (looked.Problem is { } failure)
        {
            problem = Printable.Of(failure.Message);
            failures++;
            logger.LogWarning("hub could not be listed ({Problem}); trying again", problem);
        }
        else
        {
            problem = "";
            failures = 0;
            walked.Clear();
            walkFinished = true;
            newest = looked.Newest > newest ? looked.Newest.Value : newest;
        }

        var backoff = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, Math.Min(failures, 10))));
        Timers.StartSingleTimer("look", new Look(), failures == 0 ? interval : backoff);
    }

    private sealed record Look;

    private sealed record Looked(DateTimeOffset? Newest, Exception? Problem);
}
