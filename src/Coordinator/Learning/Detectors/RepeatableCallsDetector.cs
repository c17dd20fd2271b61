using System.Text.Json;
using DynaHug.Coordinator.Learning.Svm;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>
/// The default recipe: a one-class SVM on what repeats. A benign load is nearly deterministic, so the SVM's RBF kernel is scaled to tell
/// one call more from none, while calls that follow the file's size (<see cref="CallModel"/>) only shade the value.
/// <code>
///   value(x) = f(x) / rho + ½
/// </code>
/// f / rho is −1 where the kernel reaches no benign load and 0 on the boundary. The guard of ½ keeps decisions off the boundary, where
/// near-constant columns leave margins of 1e-8 whose sign is rounding: an outlier has less than half the kernel mass that the boundary holds.
/// </summary>
/// <param name="Nu">Bound of the share of training loads left outside: how often a pattern must be seen to count as benign.</param>
/// <param name="Laws">Whether calls that follow the file's structure, or each other, are judged by what is left over; see <see cref="SizeLaw"/>.</param>
/// <param name="Pooled">Whether what repeats is sought in all formats together, so that a pattern known of one is known of all, or in each by itself.</param>
/// <param name="KnownCounts">Whether a call that does not repeat over all loads is held to the counts that loads of the format show; see <see cref="SizedCall.Known"/>.</param>
public sealed record RepeatableCallsDetector(double Nu, bool Laws, bool Pooled, bool KnownCounts) : IDetector
{
    private const double Gamma = 0.1;
    private const double Guard = 0.5;

    public string Name => "repeatable-calls-svm";

    public IReadOnlyDictionary<string, string> Hyperparameters => new Dictionary<string, string>(Detectors.Hyperparameters.Of(("nu", Nu), ("gamma", Gamma)))
    {
        ["laws"] = Laws ? "yes" : "no",
        ["formats"] = Pooled ? "together" : "apart",
        ["knownCounts"] = KnownCounts ? "yes" : "no",
    };

    public IFittedDetector Fit(IReadOnlyList<Load> loads, int seed, CancellationToken cancel)
    {
        var calls = CallModel.Fit(loads, Laws, Pooled, KnownCounts, cancel);
        var known = loads.Where(load => calls.Knows(load.Format)).ToList();
        var points = (known.Count > 0 ? known : loads).Select(load => calls.VectorOf(load, typical: null)).CountBy(vector => vector, SameValues.Instance).ToList();
        var options = new OneClassSvmOptions { Nu = Nu, Kernel = new Kernel(KernelKind.Rbf, Gamma) };
        var model = OneClassSolver.Solve([.. points.Select(point => point.Key)], options, [.. points.Select(point => (double)point.Value)], cancel);
        var ordinary = known.Where(load => !load.IsReference).Select(load => calls.VectorOf(load, typical: null)).Distinct(SameValues.Instance);
        return new Fitted(this, calls, model, ordinary.DefaultIfEmpty(points[0].Key).MaxBy(vector => model.Decide(vector))!);
    }

    public IFittedDetector Restore(JsonElement state)
    {
        var read = state.Deserialize<State>(Json.Options)!;
        var calls = CallModel.Restore(read.Calls);
        var model = read.Svm.Model(calls.Width);
        if (model.Rho <= 0 || read.Typical.Count != calls.Width || !read.Typical.All(double.IsFinite))
        {
            throw new InvalidDataException($"the profile's typical load has {read.Typical.Count} values for {calls.Width} columns: the file is damaged");
        }

        return new Fitted(new RepeatableCallsDetector(read.Nu, read.Laws, read.Pooled, read.KnownCounts), calls, model, [.. read.Typical]);
    }

    /// <param name="KnownCounts">Not there in profiles of formats 1 and 2, which knew no such counts.</param>
    private sealed record State(double Nu, bool Laws, bool Pooled, CallModelState Calls, SvmState Svm, IReadOnlyList<double> Typical, bool KnownCounts = false);

    private sealed class Fitted(RepeatableCallsDetector detector, CallModel calls, OneClassModel model, double[] typical) : IFittedDetector
    {
        public double Value(Load load) => (model.Decide(calls.VectorOf(load, typical)) / model.Rho) + Guard;

        public IReadOnlyList<Contribution> Explain(Load load)
        {
            var vector = calls.VectorOf(load, typical);
            var nearest = model.SupportVectors.Append(typical).MinBy(other => SquaredDistance(other, vector))!;
            return Explanation.Of(
                from column in Enumerable.Range(0, CallModel.CallColumns)
                let difference = vector[column] - nearest[column]
                where difference != 0
                let meaning = CallModel.Meaning(column, vector, nearest, load)
                group (meaning, difference) by meaning.Feature into parts
                let nearestShows = parts.MaxBy(part => Math.Abs(part.meaning.Observed - part.meaning.Usual)).meaning.Usual
                select (parts.Key, parts.First().meaning.Observed, nearestShows, parts.Sum(part => part.difference * part.difference)));
        }

        public JsonElement State() => JsonSerializer.SerializeToElement(
            new State(detector.Nu, detector.Laws, detector.Pooled, calls.State, SvmState.Of(model), typical, detector.KnownCounts), Json.Options);

        private static double SquaredDistance(double[] one, double[] other) =>
            one.Zip(other, (left, right) => (left - right) * (left - right)).Sum();
    }
}
