using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace DynaHug.Shared.Profiles;

/// <summary>The versions of the profile of one task cluster in one environment, and which of them scores. Versions count from 1.</summary>
public sealed record ProfileState(string TaskCluster, string Environment)
{
    public ImmutableList<ProfileDescription> Versions { get; init; } = [];

    /// <summary>0 while none is active.</summary>
    public int ActiveVersion { get; init; }

    /// <summary>What each version would change, by version; those that were made active at once have none.</summary>
    public ImmutableDictionary<int, ProfileComparison> Comparisons { get; init; } = ImmutableDictionary<int, ProfileComparison>.Empty;

    [JsonIgnore]
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

    public IReadOnlyList<IProfileEvent> Handle(ProfileCommands.RecordComparison command, DateTimeOffset now) =>
        Knows(command.Version) && !Comparisons.ContainsKey(command.Version)
            ? [new ProfileEvents.CandidateCompared(TaskCluster, Environment, command.Version, command.Comparison, now)]
            : [];

    public IReadOnlyList<IProfileEvent> Handle(ProfileCommands.Activate command, DateTimeOffset now) =>
        command.Version == ActiveVersion || !Knows(command.Version)
            ? []
            : [new ProfileEvents.ProfileActivated(TaskCluster, Environment, command.Version, Versions[command.Version - 1].Blob, now)];

    /// <summary>The version of a profile file; 0 where it was never proposed.</summary>
    public int VersionOf(Artifacts.Sha256 blob) => Versions.FindIndex(known => known.Blob == blob) + 1;

    public bool Knows(int version) => version >= 1 && version <= Versions.Count;

    public ProfileState Apply(IProfileEvent e) => e switch
    {
        ProfileEvents.ProfileFitted fitted => this with { Versions = Versions.Add(fitted.Profile) },
        ProfileEvents.CandidateCompared compared => this with { Comparisons = Comparisons.SetItem(compared.Version, compared.Comparison) },
        ProfileEvents.ProfileActivated activated => this with { ActiveVersion = activated.Version },
        _ => this,
    };
}
