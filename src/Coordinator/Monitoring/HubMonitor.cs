using Akka.Actor;
using Akka.Persistence;
using DynaHug.Coordinator.Hosting;
using DynaHug.Crawler.Hub;
using DynaHug.Shared;
using DynaHug.Shared.Monitoring;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Monitoring;

/// <summary>
/// Watches the hub: walks over all of it, page by page, asks now and then what changed last, and looks at single repos that somebody says have
/// changed. Where the walk is and up to when changes are known is stored, so that a restart goes on instead of beginning anew. A cluster singleton.
/// </summary>
public sealed class HubMonitor : ReceivePersistentActor, IWithTimers
{
    private const int RefreshesAtATime = 4;
    private const int MaxWaitingRefreshes = 10_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly HubLooker looker;
    private readonly TimeProvider clock;
    private readonly ILogger<HubMonitor> logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly TimeSpan interval;
    private readonly Queue<MonitorCommands.Refresh> refreshes = new();
    private MonitorState state = new();
    private DateTimeOffset? nextPoll;
    private bool preferredListed;
    private int refreshing;
    private string problem = "";
    private int failures;

    public HubMonitor(IActorRef repos, HubClient hub, HubOptions hubOptions, NodeOptions options, TimeProvider clock, ILogger<HubMonitor> logger)
    {
        this.clock = clock;
        this.logger = logger;
        interval = TimeSpan.FromSeconds(options.PollSeconds);
        looker = new HubLooker(hub, repos, options.Query, options.TrainingTags, options.TrainingRepos);
        var walk = $"{hubOptions.Endpoint} {options.Query}";

        Recover<IMonitorEvent>(stored => state = state.Apply(stored));
        Command<Look>(_ => LookOn(walk));
        Command<Looked>(looked => Store(looked.Events));
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
        Command<MonitorCommands.GetStatus>(_ => Sender.Tell(new MonitorReplies.Status(state.Listed, hub.SkippedEntries, state.WalkFinished, problem)));
    }

    public override string PersistenceId => "hub-monitor";

    public ITimerScheduler Timers { get; set; } = null!;

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
        if (state.Query != walk)
        {
            Store([new MonitorEvents.WalkStarted(walk, now)]);
            return;
        }

        nextPoll ??= state.WalkFinished ? now : now + interval;
        LookAsync(now, walk).PipeTo(Self, success: events => new Looked(events), failure: failure => new Failed(failure));
    }

    private Task<IReadOnlyList<IMonitorEvent>> LookAsync(DateTimeOffset now, string walk)
    {
        if (!preferredListed && !state.WalkFinished)
        {
            return PreferredAsync();
        }

        if (now >= nextPoll)
        {
            nextPoll = now + interval;
            return looker.ChangesAsync(state.KnownUntil, clock, stopping.Token);
        }

        return state.WalkFinished ? Task.FromResult<IReadOnlyList<IMonitorEvent>>([]) : looker.PageAsync(state.NextPage, walk, clock, stopping.Token);
    }

    private async Task<IReadOnlyList<IMonitorEvent>> PreferredAsync()
    {
        await looker.PreferredAsync(stopping.Token);
        preferredListed = true;
        return [];
    }

    private void Store(IReadOnlyList<IMonitorEvent> events)
    {
        problem = "";
        failures = 0;
        PersistAll(events, kept => state = state.Apply(kept));
        DeferAsync(events, kept =>
        {
            // What jumped ahead of the walk's cursor has changed since it began: looked for at once.
            nextPoll = kept.Any(stored => stored is MonitorEvents.WalkFinished) ? clock.GetUtcNow() : nextPoll;
            LookAgainIn(state.WalkFinished && nextPoll is { } at ? at - clock.GetUtcNow() : TimeSpan.Zero);
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
