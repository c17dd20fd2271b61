using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Reports;

/// <summary>A suspicious or malicious file in a hub-wide report.</summary>
/// <param name="Score">0 to 1; null where no profile scored the file.</param>
/// <param name="Decision">The detector's decision value, negative for an outlier; null where no profile scored the file.</param>
/// <param name="FlaggedAt">When the repo's revision was first given its label; null where the rest of it is not judged yet.</param>
/// <param name="Case">Where the flag stands with people: <c>new</c>, <c>confirmed</c>, <c>false-alarm</c>, <c>suppressed</c>.</param>
public sealed record FlaggedEntry(
    string Repo,
    string Revision,
    string Path,
    Sha256? Sha256,
    Label Label,
    double? Score,
    double? Decision,
    Outcome Outcome,
    IReadOnlyList<Indicator> Indicators,
    IReadOnlyList<string> Reasons,
    string TaskCluster,
    string? Profile,
    string? Environment,
    DateTimeOffset? FlaggedAt,
    string Case = "new")
{
    public static FlaggedEntry Of(FlaggedFile file) => new(
        file.Repo,
        file.Revision,
        Printable.Of(file.Path, 1024),
        file.Artifact,
        file.Verdict.Label,
        file.Verdict.Decision?.Score,
        file.Verdict.Decision?.Value,
        file.Verdict.Outcome,
        file.Verdict.Indicators,
        file.Verdict.Reasons,
        file.TaskCluster,
        file.Verdict.Profile,
        file.Verdict.Environment,
        file.FlaggedAt,
        file.Case);
}
