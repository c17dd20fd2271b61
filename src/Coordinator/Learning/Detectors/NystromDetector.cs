using System.Text.Json;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Coordinator.Learning.Svm;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>
/// Linear one-class SVM by stochastic gradient descent on a Nyström map, one of the paper's alternatives. The map takes x to its kernel
/// values with m landmarks among the training loads, whitened: φ(x) = L⁻¹ k(x) with L Lᵀ = K of the landmarks (Williams and Seeger, NIPS
/// 2000; the Cholesky factor gives the same inner products as the inverse square root). On it
/// <code>
///   minimise nu/2 |w|² − nu·rho + mean of max(0, rho − w·φ(x))        value(x) = w·φ(x) − rho
/// </code>
/// with steps of 1 / (nu·(t + t0)) as in Pegasos.
/// </summary>
/// <param name="Epochs">Passes over the training loads.</param>
public sealed record NystromDetector(double Nu = 0.01, double Gamma = 0.1, int Landmarks = 100, int Epochs = 50) : IDetector
{
    /// <summary>Added to the diagonal: landmarks that nearly coincide make K singular.</summary>
    private const double Ridge = 1e-6;

    private static readonly IFeatureSchema Schema = FeatureSchemas.PresenceFrequency;

    public string Name => "nystrom-sgd-svm";

    public IReadOnlyDictionary<string, string> Hyperparameters =>
        Detectors.Hyperparameters.Of(("nu", Nu), ("gamma", Gamma), ("landmarks", Landmarks), ("epochs", Epochs));

    public IFittedDetector Fit(IReadOnlyList<Load> loads, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        var rows = loads.Select(load => Schema.VectorOf(load)).ToList();
        var scaling = ColumnScaling.StandardDeviation(rows, Schema.IsCount);
        var points = rows.Select(row => scaling.Apply(row)).ToArray();
        var distinct = points.Distinct(SameValues.Instance).ToArray();
        random.Shuffle(distinct);
        var landmarks = distinct.Take(Landmarks).ToArray();
        var kernel = new Kernel(KernelKind.Rbf, Gamma);
        var factor = Cholesky(kernel, landmarks);
        var features = points.Select(point => Map(kernel, landmarks, factor, point)).ToArray();
        var (weights, rho) = Descend(features, random, cancel);
        return new Fitted(new State(Gamma, scaling.Scales, landmarks, Unwhitened(factor, weights), rho));
    }

    public IFittedDetector Restore(JsonElement state)
    {
        var read = state.Deserialize<State>(Json.Options)!;
        var width = Schema.Names.Count;
        var fits = read.Scales.Count == width && read.Scales.All(scale => double.IsFinite(scale) && scale > 0)
            && read.Landmarks.Count > 0 && read.Landmarks.All(point => point.Length == width && point.All(double.IsFinite))
            && read.Coefficients.Count == read.Landmarks.Count && read.Coefficients.All(double.IsFinite) && double.IsFinite(read.Rho) && double.IsFinite(read.Gamma);
        return fits ? new Fitted(read) : throw new InvalidDataException("the profile's landmarks do not fit its features: the file is damaged");
    }

    private (double[] Weights, double Rho) Descend(double[][] features, Random random, CancellationToken cancel)
    {
        var (weights, rho) = (new double[features[0].Length], 0.0);
        var order = Enumerable.Range(0, features.Length).ToArray();
        var step = (long)features.Length;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            cancel.ThrowIfCancellationRequested();
            random.Shuffle(order);
            foreach (var index in order)
            {
                var rate = 1 / (Nu * step++);
                var inside = Inner(weights, features[index]) >= rho;
                for (var k = 0; k < weights.Length; k++)
                {
                    weights[k] = (weights[k] * (1 - (rate * Nu))) + (inside ? 0 : rate * features[index][k]);
                }

                rho += rate * (Nu - (inside ? 0 : 1));
            }
        }

        return (weights, rho);
    }

    private static double[] Map(Kernel kernel, double[][] landmarks, double[][] factor, double[] point)
    {
        var mapped = Array.ConvertAll(landmarks, landmark => kernel.Of(landmark, point));
        for (var i = 0; i < mapped.Length; i++)
        {
            for (var k = 0; k < i; k++)
            {
                mapped[i] -= factor[i][k] * mapped[k];
            }

            mapped[i] /= factor[i][i];
        }

        return mapped;
    }

    private static double[][] Cholesky(Kernel kernel, double[][] landmarks)
    {
        var factor = new double[landmarks.Length][];
        for (var i = 0; i < factor.Length; i++)
        {
            factor[i] = new double[i + 1];
            for (var j = 0; j <= i; j++)
            {
                var rest = kernel.Of(landmarks[i], landmarks[j]) + (i == j ? Ridge : 0);
                for (var k = 0; k < j; k++)
                {
                    rest -= factor[i][k] * factor[j][k];
                }

                factor[i][j] = i == j ? Math.Sqrt(Math.Max(rest, Ridge)) : rest / factor[j][j];
            }
        }

        return factor;
    }

    /// <summary>c = L⁻ᵀ w, so that w·φ(x) = c·k(x).</summary>
    private static double[] Unwhitened(double[][] factor, double[] weights)
    {
        double[] coefficients = [.. weights];
        for (var i = coefficients.Length - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < coefficients.Length; k++)
            {
                coefficients[i] -= factor[k][i] * coefficients[k];
            }

            coefficients[i] /= factor[i][i];
        }

        return coefficients;
    }

    private static double Inner(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var k = 0; k < left.Length; k++)
        {
            sum += left[k] * right[k];
        }

        return sum;
    }

    private sealed record State(double Gamma, IReadOnlyList<double> Scales, IReadOnlyList<double[]> Landmarks, IReadOnlyList<double> Coefficients, double Rho);

    private sealed class Fitted(State state) : IFittedDetector
    {
        private readonly Kernel kernel = new(KernelKind.Rbf, state.Gamma);
        private readonly ColumnScaling scaling = new(new double[state.Scales.Count], state.Scales);

        public double Value(Load load)
        {
            var point = scaling.Apply(Schema.VectorOf(load));
            return state.Landmarks.Zip(state.Coefficients, (landmark, coefficient) => coefficient * kernel.Of(landmark, point)).Sum() - state.Rho;
        }

        public IReadOnlyList<Contribution> Explain(Load load)
        {
            var point = scaling.Apply(Schema.VectorOf(load));
            var nearest = state.Landmarks.MaxBy(landmark => kernel.Of(landmark, point))!;
            return Explanation.Of(point.Select((value, column) => (
                Schema.Names[column],
                value * state.Scales[column],
                nearest[column] * state.Scales[column],
                (value - nearest[column]) * (value - nearest[column]))));
        }

        public JsonElement State() => JsonSerializer.SerializeToElement(state, Json.Options);
    }
}
