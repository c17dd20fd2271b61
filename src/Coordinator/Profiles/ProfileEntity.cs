using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Shared.Profiles;

namespace DynaHug.Coordinator.Profiles;

/// <summary>The versions of one task cluster's profile in one environment, and which of them scores. Sharded by both names.</summary>
public sealed class ProfileEntity : StoredEntity<ProfileState, IProfileEvent>
{
    public ProfileEntity(string id, TimeProvider clock)
        : base($"profile-{id}", InitialState(id))
    {
        Command<ProfileCommands.Propose>(propose => StoreAndReply(State.Handle(propose, clock.GetUtcNow()), () => State.VersionOf(propose.Profile.Blob)));
        Command<ProfileCommands.RecordComparison>(compared => StoreAndReply(State.Handle(compared, clock.GetUtcNow()), () => Known(compared.Version)));
        Command<ProfileCommands.Activate>(activate => StoreAndReply(State.Handle(activate, clock.GetUtcNow()), () => Known(activate.Version)));
    }

    /// <summary>Entity id: task cluster and environment, parted by a character that neither holds.</summary>
    public static string IdOf(IForProfile message) => $"{message.TaskCluster}@{message.Environment}";

    protected override ProfileState Apply(ProfileState state, IProfileEvent stored) => state.Apply(stored);

    private static ProfileState InitialState(string id) =>
        id.Split('@') is [var taskCluster, var environment]
            ? new ProfileState(taskCluster, environment)
            : throw new ArgumentException($"'{id}' is no profile id; expected task-cluster@environment", nameof(id));

    private int Known(int version) => State.Knows(version) ? version : 0;

    private void StoreAndReply(IReadOnlyList<IProfileEvent> events, Func<int> version) =>
        Store(events, () => Sender.Tell(new ProfileReplies.Recorded(State.TaskCluster, State.Environment, version())));
}
