using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Persistence;

namespace DynaHug.Coordinator.Hosting;

/// <summary>
/// What the persistent entities share: commands give events by a pure state, events are stored, and only then the state moves,
/// the sender hears <c>Recorded</c>, and owed work is asked for. Entities are not remembered: they passivate when idle.
/// </summary>
/// <typeparam name="TState">Immutable state record.</typeparam>
/// <typeparam name="TEvent">Interface of the entity's events.</typeparam>
public abstract class StoredEntity<TState, TEvent> : ReceivePersistentActor
    where TState : class
    where TEvent : class
{
    private static readonly TimeSpan IdleBeforePassivation = TimeSpan.FromMinutes(2);

    protected StoredEntity(string persistenceId, TState initial)
    {
        PersistenceId = persistenceId;
        State = initial;
        Recover<TEvent>(stored => State = Apply(State, stored));
        Command<ReceiveTimeout>(_ => Context.Parent.Tell(new Passivate(PoisonPill.Instance)));
        Context.SetReceiveTimeout(IdleBeforePassivation);
    }

    public override string PersistenceId { get; }

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
            State = Apply(State, stored);
            Stored(stored);
            if (--left == 0)
            {
                afterwards();
            }
        });
    }

    /// <summary>Called once for each event after it is stored and applied, not on recovery.</summary>
    protected virtual void Stored(TEvent stored)
    {
    }
}
