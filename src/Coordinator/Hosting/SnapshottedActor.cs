using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace DynaHug.Coordinator.Hosting;

/// <summary>
/// A persistent actor whose state is kept now and then as a snapshot, so that coming back costs a bounded number of events however long it has lived. The last
/// snapshot is kept, and all events, since the read model is made from them.
/// </summary>
/// <typeparam name="TState">Immutable state record with a manifest in the wire table.</typeparam>
/// <typeparam name="TEvent">Interface of the actor's events.</typeparam>
public abstract class SnapshottedActor<TState, TEvent> : ReceivePersistentActor
    where TState : class
    where TEvent : class
{
    /// <summary>Events after which the state is kept.</summary>
    public const int EventsPerSnapshot = 100;

    private int eventsSinceSnapshot;

    protected SnapshottedActor(TState initial)
    {
        State = initial;
        var log = Context.GetLogger();
        Recover<SnapshotOffer>(offer => State = (TState)offer.Snapshot);
        Recover<TEvent>(Advance);
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failed => log.Warning(failed.Cause, "{0} could not store a snapshot", PersistenceId));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => log.Warning(failed.Cause, "{0} could not delete old snapshots", PersistenceId));
    }

    protected TState State { get; private set; }

    protected abstract TState Apply(TState state, TEvent stored);

    /// <summary>Stores the events, then does <paramref name="afterwards"/> once, also when there was nothing to store.</summary>
    protected void Store(IReadOnlyList<TEvent> events, Action afterwards)
    {
        if (events.Count == 0)
        {
            afterwards();
            return;
        }

        var left = events.Count;
        PersistAll(events, stored =>
        {
            Advance(stored);
            Stored(stored);
            if (--left == 0)
            {
                // Only now: within a batch the sequence number is ahead of the state.
                KeepState();
                afterwards();
            }
        });
    }

    /// <summary>Called once for each event after it is stored and applied, not on recovery.</summary>
    protected virtual void Stored(TEvent stored)
    {
    }

    private void Advance(TEvent stored)
    {
        State = Apply(State, stored);
        eventsSinceSnapshot++;
    }

    private void KeepState()
    {
        if (eventsSinceSnapshot >= EventsPerSnapshot)
        {
            eventsSinceSnapshot = 0;
            SaveSnapshot(State);
        }
    }
}
