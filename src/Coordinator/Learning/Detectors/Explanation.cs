using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>Turns scaled differences into contributions.</summary>
internal static class Explanation
{
    private const int MostContributions = 12;

    /// <param name="parts">Feature, what the load shows, what the most similar benign load shows, squared scaled difference.</param>
    public static IReadOnlyList<Contribution> Of(IEnumerable<(string Feature, double Observed, double Usual, double Deviation)> parts)
    {
        var differing = parts.Where(part => part.Deviation > 0).ToList();
        var whole = differing.Sum(part => part.Deviation);
        return
        [
            .. differing
                .OrderByDescending(part => part.Deviation)
                .ThenBy(part => part.Feature, StringComparer.Ordinal)
                .Take(MostContributions)
                .Select(part => new Contribution(part.Feature, part.Observed, part.Usual, part.Deviation / whole)),
        ];
    }
}
