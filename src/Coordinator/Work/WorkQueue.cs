using Akka.Actor;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Wire;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Work;

/// <summary>Bounds of a work queue.</summary>
/// <param name="Capacity">Jobs that may wait; offers beyond it are refused and come again.</param>
/// <param name="LeaseTime">How long a silent slot keeps its job; slots renew every 10 s.</param>
/// <param name="MaxAttempts">Expired leases of one job before it counts as poison.</param>
public sealed record WorkQueueBounds(int Capacity, TimeSpan LeaseTime, int MaxAttempts)
{
    public static readonly WorkQueueBounds Default = new(Capacity: 100_000, LeaseTime: TimeSpan.FromSeconds(45), MaxAttempts: 3);
}

/// <summary>
/// The queue that slots of one kind pull from; a cluster singleton. It holds nothing that could not be rebuilt: entities offer
/// their unfinished work again, and slots say with every renewal what they work on. A slot that dies gives its job back at once, a slot that falls silent when
/// its lease expires. A job whose slots die again and again is quarantined: it ends as an error that names this, and no further node is given it.
/// </summary>
public sealed class WorkQueue : ReceiveActor, IWithTimers
{
    private readonly WorkQueueState state;
    private readonly Dictionary<string, IActorRef> demands = [];
    private readonly Dictionary<IActorRef, long> leaseOfSlot = [];
    private readonly HashSet<IActorRef> slots = [];
    private readonly Dictionary<IActorRef, WorkCommands.ReportCanary> canaries = [];
    private readonly KeyValuePair<string, object?> name;

    public WorkQueue(WorkQueueBounds bounds, IActorRef repos, IActorRef artifacts, TimeProvider clock, ILogger<WorkQueue> logger)
    {
        state = new WorkQueueState(bounds.Capacity, bounds.LeaseTime);
        name = new KeyValuePair<string, object?>(Instruments.QueueTag, Self.Path.Name);

        Receive<WorkCommands.Offer>(offer =>
        {
            var taken = state.TryOffer(offer.Job, offer.Lane, offer.Trace);
            Sender.Tell(taken ? new WorkReplies.Accepted(offer.Job.Key) : new WorkReplies.Full(offer.Job.Key));
            Serve(clock);
        });
        Receive<WorkCommands.Demand>(demand =>
        {
            Know(Sender);
            if (!leaseOfSlot.TryGetValue(Sender, out var held) || !state.Holds(held))
            {
                demands[demand.Node] = Sender;
                Serve(clock);
            }
        });
        Receive<WorkCommands.Renew>(renew =>
        {
            if (renew.Job is { } job && state.TryAdopt(renew.Lease, job, renew.Lane, renew.Attempt, clock.GetUtcNow()))
            {
                Know(Sender);
                leaseOfSlot[Sender] = renew.Lease;
            }

            state.Renew(renew.Lease, clock.GetUtcNow());
        });
        Receive<WorkCommands.Complete>(complete =>
        {
            leaseOfSlot.Remove(Sender);
            state.Complete(complete.Lease);
        });
        Receive<WorkCommands.Release>(release =>
        {
            leaseOfSlot.Remove(Sender);
            state.Release(release.Lease);
            Serve(clock);
        });
        Receive<WorkCommands.ReportCanary>(report =>
        {
            canaries[Sender] = report;
            Context.Watch(Sender);
        });
        Receive<Terminated>(gone =>
        {
            slots.Remove(gone.ActorRef);
            canaries.Remove(gone.ActorRef);
            foreach (var slot in demands.Where(demand => IsGoneWith(gone, demand.Value)).Select(demand => demand.Key).ToList())
            {
                demands.Remove(slot);
            }

            if (leaseOfSlot.Remove(gone.ActorRef, out var lease))
            {
                logger.LogInformation("slot {Slot} is gone; its job goes back to the queue", gone.ActorRef.Path);
                state.ExpireNow(lease);
                HandOnPoison();
            }

            Serve(clock);
        });
        Receive<Tick>(_ =>
        {
            HandOnPoison();
            Serve(clock);
            Measure();
        });
        Receive<WorkCommands.GetFigures>(_ => Sender.Tell(new WorkReplies.Figures(state.WaitingJobs, state.LeasedJobs, slots.Count, canaries.Count == 0 ? null : [.. canaries.Values])));

        void HandOnPoison()
        {
            foreach (var job in state.Expire(clock.GetUtcNow(), bounds.MaxAttempts))
            {
                var reason = $"quarantined: the node that worked on it fell silent {bounds.MaxAttempts} times";
                logger.LogWarning("job {JobKey} is poison: {Reason}", job.Key, reason);
                Instruments.Quarantined.Add(1, name);
                switch (job)
                {
                    case PlanJob plan:
                        repos.Tell(new RepoCommands.RecordUnreadable(plan.Repo, plan.Commit, Outcome.Error, reason));
                        break;
                    case FetchJob fetch:
                        artifacts.Tell(new ArtifactCommands.RecordFailure(fetch.File.Content, reason, Final: true));
                        break;
                    case TraceJob trace:
                        artifacts.Tell(new ArtifactCommands.RecordFailure(trace.Content, reason, Final: true));
                        break;
                }
            }
        }
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("expire", new Tick(), TimeSpan.FromSeconds(5));

    private void Measure()
    {
        foreach (var lane in Enum.GetValues<Lane>())
        {
            Instruments.QueueJobs.Record(state.WaitingIn(lane), name, new(Instruments.StateTag, "waiting"), new(Instruments.LaneTag, lane.Name()));
        }

        Instruments.QueueJobs.Record(state.LeasedJobs, name, new(Instruments.StateTag, "leased"));
        Instruments.QueueSlots.Record(slots.Count, name);
    }

    /// <summary>
    /// Of a node that is gone each slot is reported by itself: what the others have asked for counts no more from the first report on, or the job that the node died of would be leased to
    /// them, an attempt that nobody makes. A node that is back at the same address asks again within seconds.
    /// </summary>
    private static bool IsGoneWith(Terminated gone, IActorRef slot) => slot.Equals(gone.ActorRef) || (gone.AddressTerminated && slot.Path.Address == gone.ActorRef.Path.Address);

    private void Know(IActorRef slot)
    {
        if (slots.Add(slot))
        {
            Context.Watch(slot);
        }
    }

    private void Serve(TimeProvider clock)
    {
        while (demands.Count > 0 && state.TryLease(clock.GetUtcNow()) is { } leased)
        {
            var (node, slot) = demands.First();
            demands.Remove(node);
            leaseOfSlot[slot] = leased.Lease;
            slot.Tell(leased);
        }
    }

    private sealed record Tick;
}
