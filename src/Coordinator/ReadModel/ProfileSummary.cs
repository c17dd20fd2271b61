using System.Text.Json.Serialization;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A version of a task cluster's profile in one environment.</summary>
/// <param name="Blob">The profile file in the blob store; also the profile's id.</param>
/// <param name="TrainingLoads">Benign loads it was fitted on.</param>
/// <param name="FalseAlarmRate">Benign out-of-fold loads called outliers, 0 to 1.</param>
/// <param name="ActivatedAt">When it was last made the active one; null for a candidate that never was.</param>
/// <param name="Comparison">What it would change, by the traces stored when it was fitted; null where that was not found out.</param>
/// <param name="Recall">Perturbed benign loads called outliers, 0 to 1.</param>
public sealed record ProfileSummary(
    string TaskCluster,
    string Environment,
    int Version,
    Sha256 Blob,
    string Detector,
    int TrainingLoads,
    double FalseAlarmRate,
    double Recall,
    DateTimeOffset FittedAt,
    bool Active,
    [property: JsonIgnore] DateTimeOffset? ActivatedAt = null,
    [property: JsonIgnore] ProfileComparison? Comparison = null)
{
    /// <summary><c>active</c>, <c>former</c> or <c>candidate</c>.</summary>
    [JsonIgnore]
    public string State => Active ? "active" : ActivatedAt is null ? "candidate" : "former";
}

/// <summary>A version with what became of it; the report lists <see cref="ProfileSummary"/> alone, whose members are published and stay.</summary>
public sealed record ProfileVersion(ProfileSummary Profile, string State, DateTimeOffset? ActivatedAt, ProfileComparison? Comparison)
{
    public static ProfileVersion Of(ProfileSummary profile) => new(profile, profile.State, profile.ActivatedAt, profile.Comparison);
}
