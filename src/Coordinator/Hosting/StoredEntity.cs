using Akka.Actor;
using Akka.Cluster.Sharding;

namespace DynaHug.Coordinator.Hosting;

/// <summary>
/// What the sharded entities share: commands give events by a pure state, events are stored, and only then the state moves,
/// the sender hears <c>Recorded</c>, and owed work is asked for. Entities are not remembered: they passivate when idle.
/// </summary>
/// <inheritdoc cref="SnapshottedActor{TState, TEvent}"/>
public abstract class StoredEntity<TState, TEvent> : SnapshottedActor<TState, TEvent>
    where TState : class
    where TEvent : class
{
    private static readonly TimeSpan IdleBeforePassivation = TimeSpan.FromMinutes(2);

    /// <param name="idleBeforePassivation">How long it stays in memory without a message; two minutes by default.</param>
    protected StoredEntity(string persistenceId, TState initial, TimeSpan? idleBeforePassivation = null)
        : base(initial)
    {
        PersistenceId = persistenceId;
        Command<ReceiveTimeout>(_ => Context.Parent.Tell(new Passivate(PoisonPill.Instance)));
        Context.SetReceiveTimeout(idleBeforePassivation ?? IdleBeforePassivation);
    }

    public override string PersistenceId { get; }
}
