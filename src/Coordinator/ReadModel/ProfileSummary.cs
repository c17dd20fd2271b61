using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A version of a task cluster's profile in one environment.</summary>
/// <param name="Blob">The profile file in the blob store; also the profile's id.</param>
/// <param name="TrainingLoads">Benign loads it was fitted on.</param>
/// <param name="FalseAlarmRate">Benign out-of-fold loads called outliers, 0 to 1.</param>
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
    bool Active);
