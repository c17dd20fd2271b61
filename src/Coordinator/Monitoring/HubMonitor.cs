using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Crawler.Hub;
using DynaHug.Shared;
using DynaHug.Shared.Monitoring;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Monitoring;

/// <summary>
/// Watches the hub: walks over all of it, page by page, again every few days, asks now and then what changed last, and looks at single repos that somebody says have
/// changed. Where the walk is and up to when changes are known is stored, so that a restart goes on instead of beginning anew. A cluster singleton.
/// </summary>
public sealed class HubMonitor : SnapshottedActor<MonitorState, IMonitorEvent>, IWithTimers
{
    private const int RefreshesAtATime = 4;
    private const int MaxWaitingRefreshes = 10_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly HubLooker looker;
    private readonly TimeProvider clock;
    private readonly ILogger<HubMonitor> logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly TimeSpan interval;
    private readonly TimeSpan walkEvery;
    private readonly Queue<MonitorCommands.Refresh> refreshes = new();
    private DateTimeOffset? nextPoll;
    private bool preferredListed;
    private int refreshing;
    private string problem = "";
    private int failures;

    public HubMonitor(
        IActorRef repos, HubClient hub, HubOptions hubOptions, ReadModelQueries readModel, NodeOptions options, TimeProvider clock, ILogger<HubMonitor> logger)
        : base(new MonitorState())
    {
        this.clock = clock;
        this.logger = logger;
        interval = TimeSpan.FromSeconds(options.PollSeconds);
        walkEvery = TimeSpan.FromDays(options.WalkEveryDays);
        looker = new HubLooker(hub, repos, readModel, options.Query, options.TrainingTags, options.TrainingRepos, logger);
        var walk = $"{hubOptions.Endpoint} {options.Query}";

        Command<Look>(_ => LookOn(walk));
        Command<Looked>(looked => StoreAndLookOn(looked.Events));
        Command<MonitorCommands.Refresh>(refresh =>
        {
            if (refreshes.Count < MaxWaitingRefreshes && !refreshes.Contains(refresh))
            {
                refreshes.Enqueue(refresh);
                StartRefreshes();
            }
        });
        Command<Refreshed>(refreshed =>
        {
            refreshing--;
            if (refreshed.Problem is { } failure)
            {
                logger.LogWarning("{Repo} could not be looked at ({Problem}); the next poll will", refreshed.Repo, Printable.Of(failure.Message));
            }

            StartRefreshes();
        });
        Command<Failed>(failed =>
        {
            problem = Printable.Of(failed.Problem.Message);
            failures++;
            logger.LogWarning("hub could not be listed ({Problem}); trying again", problem);
            LookAgainIn(TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, Math.Min(failures, 10)))));
        });
        Command<MonitorCommands.GetStatus>(_ => Sender.Tell(new MonitorReplies.Status(State.Listed, hub.SkippedEntries, State.WalkFinished || State.WalkedBefore, problem)));
    }

    public override string PersistenceId => "hub-monitor";

    public ITimerScheduler Timers { get; set; } = null!;

    protected override MonitorState Apply(MonitorState state, IMonitorEvent stored) => state.Apply(stored);

    protected override void OnReplaySuccess() => Self.Tell(new Look());

    protected override void PostStop()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    /// <summary>Changes first when they are due, else the next page of the walk.</summary>
    private void LookOn(string walk)
    {
        var now = clock.GetUtcNow();
        if (State.Query != walk || (State.WalkFinished && !(now < State.WalkStartedAt + walkEvery)))
        {
            StoreAndLookOn([new MonitorEvents.WalkStarted(walk, now)]);
            return;
        }

        nextPoll ??= State.WalkFinished ? now : now + interval;
        LookAsync(now).PipeTo(Self, success: events => new Looked(events), failure: failure => new Failed(failure));
    }

    private Task<IReadOnlyList<IMonitorEvent>> LookAsync(DateTimeOffset now)
    {
        if (!preferredListed && !State.WalkFinished)
        {
            return PreferredAsync();
        }

        if (now >= nextPoll)
        {
            nextPoll = now + interval;
            return looker.ChangesAsync(State.KnownUntil, clock, stopping.Token);
        }

        return State.WalkFinished ? Task.FromResult<IReadOnlyList<IMonitorEvent>>([]) : looker.PageAsync(State, clock, stopping.Token);
    }

    private async Task<IReadOnlyList<IMonitorEvent>> PreferredAsync()
    {
        await looker.PreferredAsync(stopping.Token);
        preferredListed = true;
        return [];
    }

    private void StoreAndLookOn(IReadOnlyList<IMonitorEvent> events)
    {
        problem = "";
        failures = 0;
        Store(events, () =>
        {
            // What jumped ahead of the walk's cursor has changed since it began: looked for at once.
            nextPoll = events.Any(stored => stored is MonitorEvents.WalkFinished) ? clock.GetUtcNow() : nextPoll;
            LookAgainIn(State.WalkFinished && nextPoll is { } at ? at - clock.GetUtcNow() : TimeSpan.Zero);
        });
    }

    private void LookAgainIn(TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero)
        {
            Self.Tell(new Look());
        }
        else
        {
            Timers.StartSingleTimer("look", new Look(), wait);
        }
    }

    private void StartRefreshes()
    {
        while (refreshing < RefreshesAtATime && refreshes.TryDequeue(out var next))
        {
            refreshing++;
            looker.RefreshAsync(next, stopping.Token).PipeTo(Self, success: () => new Refreshed(next.Repo.Value, null), failure: failure => new Refreshed(next.Repo.Value, failure));
        }
    }

    private sealed record Look : INoSerializationVerificationNeeded;

    private sealed record Looked(IReadOnlyList<IMonitorEvent> Events) : INoSerializationVerificationNeeded;

    private sealed record Failed(Exception Problem) : INoSerializationVerificationNeeded;

    private sealed record Refreshed(string Repo, Exception? Problem) : INoSerializationVerificationNeeded;
}
