using System.Text.Json.Serialization;
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

/// <summary>What a candidate would change, found by scoring every stored trace with it before anything changes.</summary>
/// <param name="Details">Blob with the repos behind the figures.</param>
/// <param name="Against">The profile that was active then, or null where none was.</param>
/// <param name="Traces">Stored traces that were scored.</param>
/// <param name="NewlyFlagged">Traces that only the candidate finds odd, and that nothing else speaks against.</param>
/// <param name="Cleared">Traces that only the former profile found odd, and that nothing else speaks against.</param>
/// <param name="Canaries">Loads known to be bad: benign ones with a payload's calls added, and stored ones that an indicator speaks against.</param>
/// <param name="CanariesCaught">How many of them the candidate finds odd.</param>
/// <param name="CanariesLost">How many of them only the former profile found odd.</param>
/// <param name="Waiting">Why the candidate waits for a person; empty where it may score by itself.</param>
public sealed record ProfileComparison(
    Sha256 Details, Sha256? Against, int Traces, int NewlyFlagged, int Cleared, int Canaries, int CanariesCaught, int CanariesLost, string Waiting);

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

    /// <summary>A version was compared with the active one on every stored trace; the first comparison stays.</summary>
    public sealed record RecordComparison(string TaskCluster, string Environment, int Version, ProfileComparison Comparison) : IForProfile;

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

    public sealed record CandidateCompared(string TaskCluster, string Environment, int Version, ProfileComparison Comparison, DateTimeOffset At) : IProfileEvent;

    public sealed record ProfileActivated(string TaskCluster, string Environment, int Version, Sha256 Blob, DateTimeOffset At) : IProfileEvent;
}

public static class ProfileReplies
{
    /// <summary>The command's effect is in the journal (or was before).</summary>
    /// <param name="Version">The version that the command was about; 0 where there is none like it.</param>
    public sealed record Recorded(
        string TaskCluster, string Environment, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Version = 0);
}
