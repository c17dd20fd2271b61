using DynaHug.Coordinator.ReadModel;

namespace DynaHug.Coordinator.Reports;

/// <summary>What is said of a whole hub: <c>report.json</c>. Names are published (docs/data-schema.md) and stay.</summary>
/// <param name="SchemaVersion">Version of this record; grows when a field is removed or changes its meaning.</param>
/// <param name="Hub">Address of the hub.</param>
/// <param name="Repos">Repos observed.</param>
/// <param name="Flagged">Every suspicious or malicious file, malicious ones first, then by score.</param>
/// <param name="Coverage">Outcome name → files of current revisions; <c>open</c> for those not analysed yet. Every name is present.</param>
/// <param name="Labels">Label name → repos; <c>open</c> for those without a verdict.</param>
/// <param name="Indicators">Indicator id → flagged repos that show it.</param>
/// <param name="TaskClusters">The same figures by task cluster, the largest first.</param>
/// <param name="Environments">Fingerprints of the environments that traces were made in, the newest first.</param>
/// <param name="Profiles">The profiles that score.</param>
public sealed record HubReport(
    int SchemaVersion,
    DateTimeOffset GeneratedAt,
    string Hub,
    long Repos,
    ReportTotals Totals,
    IReadOnlyList<FlaggedEntry> Flagged,
    IReadOnlyDictionary<string, long> Coverage,
    IReadOnlyDictionary<string, long> Labels,
    IReadOnlyDictionary<string, long> Indicators,
    IReadOnlyList<TaskClusterFigures> TaskClusters,
    IReadOnlyList<string> Environments,
    IReadOnlyList<ProfileSummary> Profiles)
{
    public const int CurrentSchemaVersion = 1;

    /// <summary>Revisions that a person has confirmed, those that were withdrawn included.</summary>
    public IReadOnlyList<ConfirmedEntry> Confirmed { get; init; } = [];

    /// <summary>The payloads that most flagged repos carry → those repos.</summary>
    public IReadOnlyDictionary<string, long> Payloads { get; init; } = new Dictionary<string, long>();

    /// <summary>What has changed since the report that was kept before; null in the first.</summary>
    public ReportDifference? Changes { get; init; }

    /// <summary>Exit code of a run that ends with this report.</summary>
    public int ExitCode() => Flagged.Count > 0 ? Cli.ExitCode.Flagged : Cli.ExitCode.Clean;
}
