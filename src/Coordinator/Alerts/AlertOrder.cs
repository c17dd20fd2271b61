using System.Globalization;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Alerts;

/// <summary>
/// Which flag first: what no honest load does before what few do, more kinds of evidence before fewer, then how far the load is from benign ones, then how many people
/// the repo reaches. Total, so that the order is the same for everybody.
/// </summary>
public static class AlertOrder
{
    public static IReadOnlyList<Alert> Of(IEnumerable<FlaggedRepo> flagged, int budget) =>
    [
        .. flagged
            .Select(repo => (Repo: repo, Conclusive: Conclusive(repo)))
            .OrderByDescending(entry => entry.Conclusive)
            .ThenByDescending(entry => entry.Repo.Indicators.Count)
            .ThenByDescending(entry => entry.Repo.Label)
            .ThenByDescending(entry => entry.Repo.Score)
            .ThenByDescending(entry => entry.Repo.Likes)
            .ThenByDescending(entry => entry.Repo.Downloads)
            .ThenBy(entry => entry.Repo.Repo.Value, StringComparer.Ordinal)
            .Take(budget)
            .Select((entry, place) => new Alert(place + 1, entry.Repo, Why(entry.Repo, entry.Conclusive))),
    ];

    /// <summary>See <see cref="AlertList.ExpectedPrecision"/>.</summary>
    public static double? ExpectedPrecision(double expected, int shown) => shown == 0 ? null : Math.Min(1, expected / shown);

    private static int Conclusive(FlaggedRepo repo) => repo.Indicators.Count(id => IndicatorCatalogue.Find(id)?.Weight == IndicatorWeight.Conclusive);

    private static string Why(FlaggedRepo repo, int conclusive)
    {
        var supporting = repo.Indicators.Count - conclusive;
        var evidence = (conclusive, supporting) switch
        {
            (0, 0) => "no indicator",
            (_, 0) => Signs(conclusive, "conclusive"),
            (0, _) => Signs(supporting, "supporting"),
            _ => $"{Signs(conclusive, "conclusive")} and {Signs(supporting, "supporting")}",
        };
        return repo.Score > 0 ? string.Create(CultureInfo.InvariantCulture, $"{evidence}; farther out than {repo.Score:P1} of benign loads") : evidence;
    }

    private static string Signs(int count, string kind) => count == 1 ? $"1 {kind} indicator" : $"{count} {kind} indicators";
}
