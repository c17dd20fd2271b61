using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Artifacts;

/// <summary>Whom an artifact entity talks to: the queues it offers work to, and the regions of those who wait.</summary>
public sealed record ArtifactLinks(IActorRef FetchQueue, IActorRef TraceQueue, IActorRef Repos, IActorRef Artifacts);

/// <summary>One content, whichever repos hold it: fetched once, read once, traced once, and everybody who waits is told. Sharded by content key.</summary>
public sealed class ArtifactEntity : StoredEntity<ArtifactState, IArtifactEvent>, IWithTimers
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromSeconds(3);

    /// <summary>Longer than any wait for a retry. What is analysed is seldom heard of again, and at hundreds a second two minutes would be tens of thousands in memory.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    private readonly ArtifactLinks links;
    private readonly ILogger<ArtifactEntity> logger;

    public ArtifactEntity(string id, ArtifactLinks links, TimeProvider clock, ILogger<ArtifactEntity> logger)
        : base($"artifact-{id}", new ArtifactState(ContentKey.Parse(id)), Idle)
    {
        this.links = links;
        this.logger = logger;

        Command<ArtifactCommands.Request>(request => Store(State.Handle(request, clock.GetUtcNow()), () =>
        {
            if (State.AnswerFor(request.Repo) is { } analysis)
            {
                links.Repos.Tell(new RepoCommands.RecordAnalysis(request.Repo, State.Content, analysis, State.ReopenedAt is not null));
            }
            else
            {
                AskForOwedWork();
            }
        }));
        Command<ArtifactCommands.RecordFetched>(fetched => StoreAndTell(State.Handle(fetched, clock.GetUtcNow())));
        Command<ArtifactCommands.RecordNotFetched>(refused => StoreAndTell(State.Handle(refused, clock.GetUtcNow())));
        Command<ArtifactCommands.RecordTraced>(traced => StoreAndTell(State.Handle(traced, clock.GetUtcNow())));
        Command<ArtifactCommands.RecordFailure>(failed =>
        {
            // Whatever broke on our side needs a moment; the retry timer asks again.
            Timers.StartSingleTimer("retry", new ArtifactCommands.Resume(State.Content), FirstRetryDelay * Math.Pow(3, State.Failures));
            Store(State.Handle(failed, clock.GetUtcNow()), TellWhoWaits);
        });
        Command<ArtifactCommands.Follow>(follow => StoreAndTell(State.Handle(follow, clock.GetUtcNow())));
        Command<ArtifactCommands.TraceStored>(wanted => StoreAndTell(State.Handle(wanted, clock.GetUtcNow())));
        Command<ArtifactCommands.RecordFollowed>(followed => StoreAndTell(State.Handle(followed, clock.GetUtcNow())));
        Command<ArtifactCommands.Resume>(_ => StoreAndTell([]));
        Command<WorkReplies.Accepted>(_ => { });
        Command<WorkReplies.Full>(full => logger.LogDebug("queue is full, {JobKey} comes again later", full.JobKey));
        Command<RepoReplies.Recorded>(_ => { });
        Command<ArtifactReplies.Recorded>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ArtifactState Apply(ArtifactState state, IArtifactEvent stored) => state.Apply(stored);

    protected override void Stored(IArtifactEvent stored)
    {
        if (stored is not ArtifactEvents.Rechecked rechecked)
        {
            return;
        }

        var outcome = rechecked.Whole is null ? "unavailable" : rechecked.Difference.Length > 0 ? "differs" : "agrees";
        Instruments.SparseRechecks.Add(1, new KeyValuePair<string, object?>(Instruments.OutcomeTag, outcome));
        if (outcome != "agrees")
        {
            logger.LogWarning("recheck of {Content}, read in part: {Outcome}, {Difference}", State.Content, outcome, rechecked.Difference);
        }
    }

    private void StoreAndTell(IReadOnlyList<IArtifactEvent> events) => Store(events, () =>
    {
        TellWhoWaits();
        AskForOwedWork();
    });

    private void TellWhoWaits()
    {
        Sender.Tell(new ArtifactReplies.Recorded(State.Content));
        foreach (var tiding in State.Tidings())
        {
            (tiding is IForRepo ? links.Repos : links.Artifacts).Tell(tiding);
        }
    }

    private void AskForOwedWork()
    {
        foreach (var want in State.Wants())
        {
            switch (want)
            {
                case TraceJob trace:
                    links.TraceQueue.Tell(new WorkCommands.Offer(trace, State.Lane, State.Trace));
                    break;
                case Job job:
                    links.FetchQueue.Tell(new WorkCommands.Offer(job, State.Lane, State.Trace));
                    break;
                case IForArtifact follow:
                    links.Artifacts.Tell(follow);
                    break;
            }
        }
    }
}
