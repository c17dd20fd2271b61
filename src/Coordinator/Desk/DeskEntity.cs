using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Shared.Desk;

namespace DynaHug.Coordinator.Desk;

/// <summary>Keeps what people have arranged: saved views and the like. There is one, sharded like every entity so that it moves when its node goes.</summary>
public sealed class DeskEntity : StoredEntity<DeskState, IDeskEvent>
{
    public const string Id = "desk";

    public DeskEntity(TimeProvider clock)
        : base(Id, new DeskState()) =>
        Command<IForDesk>(command =>
        {
            var now = clock.GetUtcNow();
            if (State.WhyNot(command, now) is { } reason)
            {
                Sender.Tell(new DeskReplies.Refused(reason));
                return;
            }

            Store(State.Handle(command, now), () => Sender.Tell(new DeskReplies.Recorded()));
        });

    protected override DeskState Apply(DeskState state, IDeskEvent stored) => state.Apply(stored);
}
