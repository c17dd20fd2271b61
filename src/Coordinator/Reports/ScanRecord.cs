using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Reports;

/// <summary>What is said of one file, the record of <c>dynahug scan --format json</c>. Names are published (docs/data-schema.md) and stay.</summary>
/// <param name="Target">What the person named: a file, a folder, a repo.</param>
/// <param name="Path">The file within it.</param>
/// <param name="Sha256">Null where the bytes were never had.</param>
/// <param name="Format">See <see cref="FileFormat"/>; <c>unknown</c> where the bytes were never had.</param>
/// <param name="Reason">The outcome in words; empty for a file that was analysed.</param>
/// <param name="Score">0 (ordinary) to 1 (farther out than every benign load seen); null where no profile scored it.</param>
/// <param name="Decision">The detector's decision value, negative for an outlier; null where no profile scored it.</param>
/// <param name="Reasons">Plain sentences, gravest first.</param>
/// <param name="Contributions">What makes an outlier one, the largest share first.</param>
/// <param name="Profile">Id of the profile that scored it, or null.</param>
/// <param name="Environment">Fingerprint of sandbox, loader and libraries; null where no sandbox was needed.</param>
/// <param name="Trace">Id of the stored trace, for <c>dynahug trace show</c>; null where nothing was loaded.</param>
/// <param name="Exempt">Why the policy lets a flagged file pass; null where it does not.</param>
public sealed record ScanRecord(
    string Target,
    string Path,
    Sha256? Sha256,
    string Format,
    Outcome Outcome,
    string Reason,
    Label Label,
    double? Score,
    double? Decision,
    IReadOnlyList<Indicator> Indicators,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<StaticFinding> StaticFindings,
    IReadOnlyList<Contribution> Contributions,
    string? Profile,
    string? Environment,
    Sha256? Trace,
    string? Exempt = null)
{
    /// <param name="environment">Of this sandbox; the trace's own goes before it.</param>
    public static ScanRecord Of(string target, string path, ArtifactAnalysis analysis, FileVerdict verdict, string? environment = null, string? exempt = null) => new(
        target,
        Printable.Of(path, 1024),
        analysis.Artifact,
        analysis.Static?.Format ?? FileFormat.Unknown,
        verdict.Outcome,
        verdict.Reason,
        verdict.Label,
        verdict.Decision?.Score,
        verdict.Decision?.Value,
        verdict.Indicators,
        analysis.Sparse is { } sparse ? [.. verdict.Reasons, sparse.Sentence] : verdict.Reasons,
        analysis.Static?.Findings ?? [],
        verdict.Decision?.Contributions ?? [],
        verdict.Profile,
        verdict.Environment ?? environment,
        analysis.Trace?.Events,
        exempt);
}
