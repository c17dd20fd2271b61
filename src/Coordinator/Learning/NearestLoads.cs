using DynaHug.Coordinator.Learning.Features;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Learning;

/// <summary>A benign load that is much like another one.</summary>
/// <param name="Id">Sha256 of its content.</param>
/// <param name="DifferingCalls">System calls whose counts differ.</param>
/// <param name="Differences">The largest of them: what the load shows and what this one shows. <c>Weight</c> is the share of all differing calls.</param>
public sealed record NearLoad(string Id, string Format, int DifferingCalls, IReadOnlyList<Contribution> Differences);

/// <summary>
/// The benign loads that a load is most like, for people: loads of its format first, then fewest calls with another count, then fewest calls in
/// all. Detector and scaling play no part, so that it holds for any profile.
/// </summary>
public static class NearestLoads
{
    private const int ShownDifferences = 8;

    public static IReadOnlyList<NearLoad> Find(Load load, IEnumerable<Load> benign, int count)
    {
        var schema = FeatureSchemas.AllCalls;
        var row = schema.VectorOf(load);
        return [.. benign
            .Where(other => other.Id != load.Id)
            .Select(other => (Load: other, Row: schema.VectorOf(other)))
            .Select(other => (other.Load, Differing: Enumerable.Range(0, row.Length).Where(column => row[column] != other.Row[column]).ToList(), other.Row))
            .OrderByDescending(other => other.Load.Format == load.Format)
            .ThenBy(other => other.Differing.Count)
            .ThenBy(other => other.Differing.Sum(column => Math.Abs(row[column] - other.Row[column])))
            .ThenBy(other => other.Load.Id, StringComparer.Ordinal)
            .Take(count)
            .Select(other =>
            {
                var all = other.Differing.Sum(column => Math.Abs(row[column] - other.Row[column]));
                return new NearLoad(other.Load.Id, other.Load.Format, other.Differing.Count, [.. other.Differing
                    .OrderByDescending(column => Math.Abs(row[column] - other.Row[column]))
                    .Take(ShownDifferences)
                    .Select(column => new Contribution(schema.Names[column], row[column], other.Row[column], Math.Abs(row[column] - other.Row[column]) / all))]);
            })];
    }
}
