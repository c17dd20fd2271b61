using System.Collections.Immutable;

namespace DynaHug.Shared.Profiles;

/// <summary>The versions of the profile of one task cluster in one environment, and which of them scores. Versions count from 1.</summary>
public sealed record ProfileState(string TaskCluster, string Environment)
{
    public ImmutableList<ProfileDescription> Versions { get; init; } = [];

    /// <summary>0 while none is active.</summary>
    public int ActiveVersion { get; init; }

    public ProfileDescription? Active => ActiveVersion == 0 ? null : Versions[ActiveVersion - 1];

    public IReadOnlyList<IProfileEvent> Handle(ProfileCommands.Propose command, DateTimeOffset now)
    {
        if (Versions.Any(known => known.Blob == command.Profile.Blob))
        {
            return [];
        }

        var version = Versions.Count + 1;
        var fitted = new ProfileEvents.ProfileFitted(command.Profile, version, now);
        return command.Activate
            ? [fitted, new ProfileEvents.ProfileActivated(TaskCluster, Environment, version, command.Profile.Blob, now)]
            : [fitted];
    }

    public IReadOnlyList<IProfileEvent> Handle(ProfileCommands.Activate command, DateTimeOffset now) =>
        command.Version == ActiveVersion || command.Version < 1 || command.Version > Versions.Count
            ? []
            : [new ProfileEvents.ProfileActivated(TaskCluster, Environment, command.Version, Versions[command.Version - 1].Blob, now)];

    public ProfileState Apply(IProfileEvent e) => e switch
    {
        ProfileEvents.ProfileFitted fitted => this with { Versions = Versions.Add(fitted.Profile) },
        ProfileEvents.ProfileActivated activated => this with { ActiveVersion = activated.Version },
        _ => this,
    };
}
