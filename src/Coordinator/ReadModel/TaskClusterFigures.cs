namespace DynaHug.Coordinator.ReadModel;

/// <summary>Counts of one task cluster.</summary>
/// <param name="Labels">Label name → repos; <c>open</c> for those without a verdict.</param>
/// <param name="Coverage">Outcome name → files; <c>open</c> for those not analysed yet.</param>
/// <param name="Indicators">Indicator id → flagged repos that show it.</param>
public sealed record TaskClusterFigures(
    string TaskCluster,
    long Repos,
    long FlaggedRepos,
    IReadOnlyDictionary<string, long> Labels,
    IReadOnlyDictionary<string, long> Coverage,
    IReadOnlyDictionary<string, long> Indicators);
