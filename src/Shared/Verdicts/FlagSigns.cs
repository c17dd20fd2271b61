namespace DynaHug.Shared.Verdicts;

/// <summary>
/// What a file is flagged for, by name: the ids of its indicators, <see cref="Unusual"/> for an outlier, <see cref="Written"/> for a dangerous
/// call that only reading has found. A person suppresses one of these for one content, and SARIF rules have the same names.
/// </summary>
public static class FlagSigns
{
    public const string Unusual = "unusual-behaviour";
    public const string Written = "dangerous-call-written";

    /// <summary>Empty for a file that is not flagged; else never empty.</summary>
    public static IReadOnlyList<string> Of(FileVerdict verdict)
    {
        if (!verdict.Label.IsFlagged())
        {
            return [];
        }

        var signs = verdict.Indicators.Select(indicator => indicator.Id).Distinct().Order(StringComparer.Ordinal).ToList();
        if (verdict.Decision is { Outlier: true })
        {
            signs.Add(Unusual);
        }

        return signs.Count > 0 ? signs : [Written];
    }

    /// <summary>
    /// What groups repos that do the same: the weightiest thing that a flagged file was seen doing, with its evidence, so that one payload in many
    /// wrappings is one group. What only behaves oddly is its own group, by content. Printable, at most 200 characters.
    /// </summary>
    public static string PayloadOf(IEnumerable<JudgedFile> files)
    {
        var gravest = files.Where(file => file.Verdict.Label.IsFlagged()).OrderByDescending(file => file.Verdict.Label).ThenByDescending(file => file.Verdict.Decision?.Score ?? 0).ToList();
        var indicator = gravest.SelectMany(file => file.Verdict.Indicators).OrderByDescending(IndicatorCatalogue.WeightOf).FirstOrDefault();
        return indicator is not null ? Printable.Of($"{indicator.Id}: {indicator.Evidence}", 200)
            : gravest is [var first, ..] ? $"{FlagSigns.Of(first.Verdict)[0]}: {first.Artifact?.Hex ?? "no content"}"
            : "";
    }
}
