using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Wire;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Repos;

/// <summary>One repo of the hub: which revision is current, which files it holds, and the verdict on it; and the same of revisions that somebody has pinned. Sharded by repo name.</summary>
public sealed class RepoEntity : StoredEntity<RepoState, IRepoEvent>
{
    /// <summary>Short: a walk over a hub wakes hundreds a second, most of which hear of nothing again for days.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private readonly IActorRef fetchQueue;
    private readonly IActorRef artifacts;

    public RepoEntity(string id, IActorRef fetchQueue, IActorRef artifacts, Judge judge, TimeProvider clock, ILogger<RepoEntity> logger)
        : base($"repo-{id}", new RepoState(RepoId.Parse(id)), Idle)
    {
        this.fetchQueue = fetchQueue;
        this.artifacts = artifacts;

        Command<RepoCommands.Observe>(observe => StoreAndGoOn([.. State.Handle(observe, clock.GetUtcNow()).Select(Traced)]));
        Command<RepoCommands.RecordPlan>(plan => StoreAndGoOn(State.Handle(plan, clock.GetUtcNow())));
        Command<RepoCommands.RecordAvailability>(told => StoreAndGoOn(State.Handle(told, clock.GetUtcNow())));
        Command<RepoCommands.RecordUnreadable>(gone => StoreAndGoOn(State.Handle(gone, clock.GetUtcNow())));
        Command<RepoCommands.RecordAnalysis>(record => StoreAndGoOn(State.Handle(record, judge.FileVerdictOf(record.Analysis, State.Cluster), clock.GetUtcNow())));
        Command<RepoCommands.RecordRescore>(rescore => StoreAndGoOn(State.Handle(rescore, clock.GetUtcNow())));
        Command<RepoCommands.Rescan>(rescan => StoreAndGoOn(State.Handle(rescan, clock.GetUtcNow())));
        Command<RepoCommands.Pin>(pin => StoreAndGoOn([.. State.Handle(pin, clock.GetUtcNow()).Select(Traced)]));
        Command<RepoCommands.Resume>(_ => StoreAndGoOn([]));
        Command<WorkReplies.Accepted>(_ => { });
        Command<WorkReplies.Full>(full => logger.LogDebug("queue is full, {JobKey} of {Repo} comes again later", full.JobKey, State.Repo));
        Command<ArtifactReplies.Recorded>(_ => { });
    }

    protected override RepoState Apply(RepoState state, IRepoEvent stored) => state.Apply(stored);

    protected override void Stored(IRepoEvent stored)
    {
        switch (stored)
        {
            case RepoEvents.RevisionObserved:
                Instruments.Stages.Add(1, new KeyValuePair<string, object?>(Instruments.StageTag, "observed"));
                break;
            case RepoEvents.VerdictReached reached:
                using (var activity = RevisionTrace.Start("verdict", State.Revisions.First(revision => revision.Commit == reached.Commit).Trace))
                {
                    activity?.SetTag("repo", State.Repo.Value).SetTag(Instruments.LabelTag, reached.Verdict.Label.Name());
                }

                var label = new KeyValuePair<string, object?>(Instruments.LabelTag, reached.Verdict.Label.Name());
                Instruments.Verdicts.Add(1, label);
                Instruments.Scores.Record(reached.Verdict.Score, label);
                break;
        }
    }

    /// <summary>A revision's trace begins where it is observed or pinned, and is stored with it, so that whoever works on it later adds to it.</summary>
    private static IRepoEvent Traced(IRepoEvent stored) => stored switch
    {
        RepoEvents.RevisionObserved observed => observed with { Trace = BeginTrace("observe", observed, observed.Lane) },
        RepoEvents.RevisionPinned pinned => pinned with { Trace = BeginTrace("pin", pinned, pinned.Lane) },
        _ => stored,
    };

    /// <returns>Its traceparent; null while nobody listens.</returns>
    private static string? BeginTrace(string name, IRevisionEvent revision, Lane lane)
    {
        using var activity = RevisionTrace.Start(name, parent: null);
        activity?.SetTag("repo", revision.Repo.Value).SetTag("revision", revision.Commit).SetTag(Instruments.LaneTag, lane.Name());
        return activity?.Id;
    }

    private void StoreAndGoOn(IReadOnlyList<IRepoEvent> events) => Store(events, () =>
    {
        Sender.Tell(new RepoReplies.Recorded(State.Repo));
        foreach (var (revision, want) in State.Revisions.SelectMany(revision => revision.Wants(), (revision, want) => (revision, want)))
        {
            switch (want)
            {
                case Job job:
                    fetchQueue.Tell(new WorkCommands.Offer(job, revision.Lane, revision.Trace));
                    break;
                case IForArtifact request:
                    artifacts.Tell(request);
                    break;
            }
        }
    });
}
