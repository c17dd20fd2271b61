using System.Text.Json;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>
/// Isolation forest of Liu, Ting and Zhou (ICDM 2008), one of the paper's alternatives: random trees cut rare points off early.
/// Score s(x) = 2^(−mean path length / c(sample)); the threshold lets the share <paramref name="Contamination"/> of the training loads outside.
/// </summary>
/// <param name="Trees">Trees of the forest.</param>
/// <param name="Sample">Loads a tree is grown on; where there are fewer, all of them.</param>
/// <param name="Contamination">Share of the training loads taken for outliers.</param>
public sealed record IsolationForestDetector(int Trees = 100, int Sample = 4096, double Contamination = 0.05) : IDetector
{
    private const int DeepestTree = 64;
    private static readonly IFeatureSchema Schema = FeatureSchemas.PresenceFrequency;

    public string Name => "isolation-forest";

    public IReadOnlyDictionary<string, string> Hyperparameters => Detectors.Hyperparameters.Of(("trees", Trees), ("sample", Sample), ("contamination", Contamination));

    public IFittedDetector Fit(IReadOnlyList<Load> loads, int seed, CancellationToken cancel)
    {
        var rows = loads.Select(load => Schema.VectorOf(load)).ToList();
        var random = new Random(seed);
        var size = Math.Min(Sample, rows.Count);
        var height = (int)Math.Ceiling(Math.Log2(Math.Max(2, size)));
        var varying = Varying(rows, Enumerable.Range(0, Schema.Names.Count));
        var forest = new List<IReadOnlyList<Node>>();
        for (var tree = 0; tree < Trees; tree++)
        {
            cancel.ThrowIfCancellationRequested();
            var nodes = new List<Node>();
            var drawn = Enumerable.Range(0, rows.Count).ToArray();
            random.Shuffle(drawn);
            Grow(nodes, [.. drawn.Take(size).Select(index => rows[index])], varying, height, random);
            forest.Add(nodes);
        }

        var scores = rows.Select(row => Score(forest, size, row)).Order().ToList();
        var threshold = scores[(int)Math.Floor((1 - Contamination) * (scores.Count - 1))];
        return new Fitted(new State(forest, size, threshold));
    }

    public IFittedDetector Restore(JsonElement state)
    {
        var read = state.Deserialize<State>(Json.Options)!;
        var fits = read.Sample > 0 && double.IsFinite(read.Threshold) && read.Forest.Count > 0 && read.Forest.All(nodes => nodes.Count > 0 && nodes
            .Select((node, index) => node.Column < 0 || (node.Column < Schema.Names.Count && node.Below > index && node.Below < nodes.Count && node.Above > index && node.Above < nodes.Count))
            .All(good => good));
        return fits ? new Fitted(read) : throw new InvalidDataException("the profile's forest has nodes that lead nowhere: the file is damaged");
    }

    private static int Grow(List<Node> nodes, List<double[]> rows, int[] columns, int height, Random random)
    {
        var place = nodes.Count;
        nodes.Add(new Node(-1, 0, rows.Count, 0));
        var splittable = height == 0 || rows.Count < 2 ? [] : Varying(rows, columns);
        if (splittable.Length == 0)
        {
            return place;
        }

        var column = splittable[random.Next(splittable.Length)];
        var (low, high) = (rows.Min(row => row[column]), rows.Max(row => row[column]));
        var cut = low + (random.NextDouble() * (high - low));
        var below = Grow(nodes, [.. rows.Where(row => row[column] <= cut)], splittable, height - 1, random);
        var above = Grow(nodes, [.. rows.Where(row => row[column] > cut)], splittable, height - 1, random);
        nodes[place] = new Node(column, cut, below, above);
        return place;
    }

    private static int[] Varying(List<double[]> rows, IEnumerable<int> columns) =>
        [.. columns.Where(column => rows.Exists(row => row[column] != rows[0][column]))];

    private static double Score(IReadOnlyList<IReadOnlyList<Node>> forest, int sample, double[] row) =>
        Math.Pow(2, -forest.Average(nodes => PathLength(nodes, row)) / Math.Max(UnfinishedPath(sample), 1e-9));

    private static double PathLength(IReadOnlyList<Node> nodes, double[] row)
    {
        var node = nodes[0];
        var depth = 0;
        for (; node.Column >= 0 && depth < DeepestTree; depth++)
        {
            node = nodes[row[node.Column] <= node.Cut ? node.Below : node.Above];
        }

        return depth + UnfinishedPath(node.Below);
    }

    /// <summary>c(n): mean path length of an unsuccessful search in a binary search tree of n points.</summary>
    private static double UnfinishedPath(int points)
    {
        const double eulerGamma = 0.5772156649015329;
        return points switch
        {
            < 2 => 0,
            2 => 1,
            _ => (2 * (Math.Log(points - 1) + eulerGamma)) - (2.0 * (points - 1) / points),
        };
    }

    /// <summary>An inner node (column, cut, and the nodes below and above it), or a leaf: column −1, and in <paramref name="Below"/> its number of rows.</summary>
    internal sealed record Node(int Column, double Cut, int Below, int Above);

    internal sealed record State(IReadOnlyList<IReadOnlyList<Node>> Forest, int Sample, double Threshold);

    private sealed class Fitted(State state) : IFittedDetector
    {
        public double Value(Load load) => state.Threshold - Score(state.Forest, state.Sample, Schema.VectorOf(load));

        /// <summary>A forest knows no most similar load: columns count by how often they cut this one off, and the usual value is where the last cut was.</summary>
        public IReadOnlyList<Contribution> Explain(Load load)
        {
            var row = Schema.VectorOf(load);
            return Explanation.Of(state.Forest.SelectMany(nodes => Cuts(nodes, row)).GroupBy(cut => cut.Column)
                .Select(cuts => (Schema.Names[cuts.Key], row[cuts.Key], cuts.Last().Cut, (double)cuts.Count())));
        }

        public JsonElement State() => JsonSerializer.SerializeToElement(state, Json.Options);

        private static IEnumerable<Node> Cuts(IReadOnlyList<Node> nodes, double[] row)
        {
            for (var node = nodes[0]; node.Column >= 0; node = nodes[row[node.Column] <= node.Cut ? node.Below : node.Above])
            {
                yield return node;
            }
        }
    }
}
