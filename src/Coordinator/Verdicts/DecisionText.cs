using System.Globalization;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Verdicts;

/// <summary>A detector's decision in one plain sentence that holds for every detector: what was seen, and what the most similar benign load shows.</summary>
internal static class DecisionText
{
    private const int ShownContributions = 3;

    /// <param name="loads">Whose loads the profile knows, for instance <c>text-generation</c>.</param>
    public static string Of(Decision decision, string loads)
    {
        var differences = string.Join(", ", decision.Contributions.Where(part => part.Observed != part.Usual).Take(ShownContributions).Select(Difference));
        var rarity = decision.PValue is { } p ? string.Create(CultureInfo.InvariantCulture, $" (at most one benign load in {Math.Max(1, Math.Floor(1 / p)):0} looks as odd)") : "";
        return differences.Length == 0
            ? $"behaves as no benign {loads} load does{rarity}"
            : $"behaves as no benign {loads} load does: {differences}{rarity}";
    }

    private static string Difference(Contribution part) =>
        string.Create(CultureInfo.InvariantCulture, $"{part.Feature} {part.Observed:0.##} instead of {part.Usual:0.##}");
}
