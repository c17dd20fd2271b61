using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Verdicts;

/// <summary>
/// How a label follows from what was read, what was seen and what the detector says. Pure and total.
/// <list type="bullet">
/// <item>A conclusive indicator, an outlier with any indicator, or two kinds of indicator: malicious.</item>
/// <item>An outlier alone, one supporting indicator alone, or a dangerous call that is written down but did not run here: suspicious.</item>
/// <item>Nothing of these, but not analysed to the end or not scored by a profile: unknown.</item>
/// <item>Only a complete load that its profile finds ordinary, or a file with nothing to execute, is benign.</item>
/// </list>
/// </summary>
public static class VerdictPolicy
{
    private const int ShownIndicators = 8;
    private const int ShownFindings = 4;

    /// <param name="decision">What the profile's detector says of the load; null where there is no profile or no load.</param>
    /// <param name="profile">Id of the profile that gave the decision.</param>
    /// <param name="taskCluster">Whose benign loads the profile knows, for the sentence.</param>
    /// <param name="insteadOf">The repo's own task cluster where it has no profile and another one scores; else null.</param>
    public static FileVerdict Judge(ArtifactAnalysis analysis, Decision? decision, string? profile, string taskCluster, string? insteadOf = null)
    {
        var indicators = analysis.Trace?.Indicators ?? [];
        var dangerous = analysis.Static?.Findings.Where(finding => finding.Severity == Severity.Dangerous).ToList() ?? [];
        var label = LabelOf(analysis, decision, indicators, dangerous.Count > 0);
        return new FileVerdict(
            label,
            analysis.Outcome,
            analysis.Reason,
            decision,
            indicators,
            [.. ReasonsOf(analysis, decision, indicators, dangerous, insteadOf is null ? taskCluster : $"{taskCluster} (there is no profile of {insteadOf} yet)", label)],
            decision is null ? null : profile,
            analysis.Trace?.Environment);
    }

    private static Label LabelOf(ArtifactAnalysis analysis, Decision? decision, IReadOnlyList<Indicator> indicators, bool dangerousCallWritten)
    {
        var outlier = decision is { Outlier: true };
        var kinds = indicators.Select(indicator => indicator.Id).Distinct().Count();
        if (indicators.Any(indicator => IndicatorCatalogue.WeightOf(indicator) == IndicatorWeight.Conclusive) || kinds > 1 || (outlier && kinds > 0))
        {
            return Label.Malicious;
        }

        if (outlier || kinds > 0 || dangerousCallWritten)
        {
            return Label.Suspicious;
        }

        return analysis switch
        {
            { Outcome: Outcome.NothingToExecute } => Label.Benign,
            { Outcome: Outcome.Analysed, Trace.Complete: true } when decision is not null => Label.Benign,
            _ => Label.Unknown,
        };
    }

    private static IEnumerable<string> ReasonsOf(
        ArtifactAnalysis analysis,
        Decision? decision,
        IReadOnlyList<Indicator> indicators,
        IReadOnlyList<StaticFinding> dangerous,
        string taskCluster,
        Label label)
    {
        var ordered = indicators
            .OrderByDescending(indicator => IndicatorCatalogue.WeightOf(indicator))
            .Take(ShownIndicators);
        foreach (var indicator in ordered)
        {
            yield return $"{LowerFirst(IndicatorCatalogue.Find(indicator.Id)?.Title ?? indicator.Id)}: {indicator.Evidence}";
        }

        if (decision is { Outlier: true })
        {
            yield return DecisionText.Of(decision, taskCluster);
        }

        var ran = indicators.Count > 0 || decision is { Outlier: true };
        foreach (var finding in dangerous.Take(ShownFindings))
        {
            yield return ran
                ? $"static reading names a dangerous call: {finding.Evidence}"
                : $"static reading names a dangerous call that did not run here: {finding.Evidence}";
        }

        switch (analysis.Outcome)
        {
            case Outcome.NothingToExecute:
                yield return $"nothing to execute: {analysis.Reason}";
                break;
            case not Outcome.Analysed:
                yield return $"not analysed to the end ({Shared.Wire.Names.Name(analysis.Outcome)}): {analysis.Reason}";
                break;
            case Outcome.Analysed when decision is null:
                yield return $"loaded and traced, but no profile of {taskCluster} in this environment has scored it yet";
                break;
            case Outcome.Analysed when label == Label.Benign:
                yield return $"behaves as benign {taskCluster} loads do";
                break;
        }
    }

    private static string LowerFirst(string title) => char.ToLowerInvariant(title[0]) + title[1..];
}
