using System.Text.Json;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>The plainest rule: an outlier makes a call that no benign load makes. Value: ½ − the number of such calls.</summary>
public sealed class NeverSeenDetector : IDetector
{
    private static readonly IFeatureSchema Schema = FeatureSchemas.AllCalls;

    public string Name => "never-seen";

    public IReadOnlyDictionary<string, string> Hyperparameters { get; } = new Dictionary<string, string>();

    public IFittedDetector Fit(IReadOnlyList<Load> loads, int seed, CancellationToken cancel)
    {
        var rows = loads.Select(load => Schema.VectorOf(load)).ToList();
        return new Fitted([.. Enumerable.Range(0, Schema.Names.Count).Where(column => rows.Any(row => row[column] > 0))]);
    }

    public IFittedDetector Restore(JsonElement state) => new Fitted([.. state.Deserialize<IReadOnlyList<int>>(Json.Options)!]);

    private sealed class Fitted(HashSet<int> called) : IFittedDetector
    {
        private const double Margin = 0.5;

        public double Value(Load load) => Margin - Unseen(load).Sum(entry => entry.Count);

        public IReadOnlyList<Contribution> Explain(Load load) => Explanation.Of(Unseen(load).Select(entry => (entry.Feature, entry.Count, 0.0, entry.Count)));

        public JsonElement State() => JsonSerializer.SerializeToElement(called.Order().ToList(), Json.Options);

        private IEnumerable<(string Feature, double Count)> Unseen(Load load) =>
            Schema.VectorOf(load)
                .Select((count, column) => (column, count))
                .Where(entry => entry.count > 0 && !called.Contains(entry.column))
                .Select(entry => (Schema.Names[entry.column], entry.count));
    }
}
