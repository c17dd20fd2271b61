using DynaHug.Shared.Artifacts;

namespace DynaHug.Shared.Profiles;

/// <summary>What is known of a fitted profile without its support vectors.</summary>
/// <param name="Blob">The profile file in the blob store; also the profile's id.</param>
/// <param name="TrainingLoads">Benign loads it was fitted on.</param>
/// <param name="FalseAlarmRate">Benign out-of-fold loads called outliers, 0 to 1.</param>
/// <param name="Recall">Perturbed benign loads called outliers, 0 to 1.</param>
public sealed record ProfileDescription(
    Sha256 Blob,
    string TaskCluster,
    string Environment,
    string Detector,
    int TrainingLoads,
    double FalseAlarmRate,
    double Recall);

/// <summary>A message for the entity of one task cluster in one environment.</summary>
public interface IForProfile
{
    string TaskCluster { get; }

    string Environment { get; }
}

public static class ProfileCommands
{
    /// <summary>A refit is done; becomes the next version, and the active one when <paramref name="Activate"/> says so. Proposing the same blob twice changes nothing.</summary>
    public sealed record Propose(ProfileDescription Profile, bool Activate) : IForProfile
    {
        public string TaskCluster => Profile.TaskCluster;

        public string Environment => Profile.Environment;
    }

    /// <summary>Make a known version the active one; also the way back.</summary>
    public sealed record Activate(string TaskCluster, string Environment, int Version) : IForProfile;
}

public interface IProfileEvent : IForProfile
{
    int Version { get; }

    DateTimeOffset At { get; }
}

public static class ProfileEvents
{
    public sealed record ProfileFitted(ProfileDescription Profile, int Version, DateTimeOffset At) : IProfileEvent
    {
        public string TaskCluster => Profile.TaskCluster;

        public string Environment => Profile.Environment;
    }

    public sealed record ProfileActivated(string TaskCluster, string Environment, int Version, Sha256 Blob, DateTimeOffset At) : IProfileEvent;
}

public static class ProfileReplies
{
    /// <summary>The command's effect is in the journal (or was before).</summary>
    public sealed record Recorded(string TaskCluster, string Environment);
}
