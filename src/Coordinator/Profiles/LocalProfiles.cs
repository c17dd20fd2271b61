using Akka.Actor;
using DynaHug.Shared.Profiles;

namespace DynaHug.Coordinator.Profiles;

/// <summary>The profile entities of a data folder that no cluster serves, as children: what the shard region is to a node.</summary>
public sealed class LocalProfiles : ReceiveActor
{
    private readonly Dictionary<string, IActorRef> entities = [];

    public LocalProfiles(TimeProvider clock) => Receive<IForProfile>(message =>
    {
        var id = ProfileEntity.IdOf(message);
        if (!entities.TryGetValue(id, out var entity))
        {
            entities[id] = entity = Context.ActorOf(Props.Create(() => new ProfileEntity(id, clock)));
        }

        entity.Forward(message);
    });
}
