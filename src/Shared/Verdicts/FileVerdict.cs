using System.Text.Json.Serialization;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Shared.Verdicts;

/// <summary>How a profile's detector decided one load.</summary>
/// <param name="Value">Decision value f(x) of the detector; negative is an outlier.</param>
/// <param name="Score">Calibrated: 0 (as the most ordinary benign load) to 1 (farther out than every benign load seen).</param>
/// <param name="Outlier">The detector's own sign, guarded against rounding.</param>
/// <param name="Contributions">System call name → share of the deviation, largest first; empty for an ordinary load.</param>
/// <param name="PValue">How likely a benign load looks as odd or odder, 0 to 1, by the benign out-of-fold loads; null in decisions of before it was kept.</param>
public sealed record Decision(
    double Value,
    double Score,
    bool Outlier,
    IReadOnlyList<Contribution> Contributions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? PValue = null);

/// <param name="Feature">Feature name, for instance <c>execve</c>.</param>
/// <param name="Observed">What this load shows.</param>
/// <param name="Usual">What benign loads show (median).</param>
/// <param name="Weight">Share of the whole deviation, 0 to 1.</param>
public sealed record Contribution(string Feature, double Observed, double Usual, double Weight);

/// <summary>Verdict on one file: label, evidence, and what it was reached with.</summary>
/// <param name="Decision">Null where no profile scored it.</param>
/// <param name="Profile">Id of the profile that scored it, or null.</param>
/// <param name="Environment">Fingerprint of the trace, or null where nothing ran.</param>
public sealed record FileVerdict(
    Label Label,
    Outcome Outcome,
    string Reason,
    Decision? Decision,
    IReadOnlyList<Indicator> Indicators,
    IReadOnlyList<string> Reasons,
    string? Profile,
    string? Environment);
