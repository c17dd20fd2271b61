using System.Globalization;
using System.Text.Json;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Coordinator.Learning.Svm;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>
/// The published method: one-class SVM with RBF kernel, gamma 0.1, nu 0.01, on presence and frequency, frequencies divided by their standard
/// deviation (arXiv 2604.19438, section on the classifier); and the same with other features, kernels or scaling. Kept for comparison; with
/// few loads it takes new sizes for malice.
/// </summary>
public sealed class PaperDetector(IFeatureSchema schema, OneClassSvmOptions options, Scalings scaling) : IDetector
{
    public PaperDetector()
        : this(FeatureSchemas.PresenceFrequency, new OneClassSvmOptions(), Scalings.StandardDeviation)
    {
    }

    public string Name => "paper";

    public IReadOnlyDictionary<string, string> Hyperparameters
    {
        get
        {
            var kernel = options.Kernel;
            var all = new Dictionary<string, string>
            {
                ["features"] = schema.Id,
                ["scaling"] = scaling.Name,
                ["kernel"] = JsonSerializer.SerializeToElement(kernel.Kind, Json.Options).GetString()!,
                ["nu"] = options.Nu.ToString(CultureInfo.InvariantCulture),
            };
            if (kernel.Kind != KernelKind.Linear)
            {
                all["gamma"] = kernel.Gamma.ToString(CultureInfo.InvariantCulture);
            }

            if (kernel.Kind == KernelKind.Poly)
            {
                all["degree"] = kernel.Degree.ToString(CultureInfo.InvariantCulture);
                all["coef0"] = kernel.Coef0.ToString(CultureInfo.InvariantCulture);
            }

            return all;
        }
    }

    public LoadFacts Needs => schema.Needs;

    public IFittedDetector Fit(IReadOnlyList<Load> loads, int seed, CancellationToken cancel)
    {
        var columns = schema.Learn(loads);
        var rows = loads.Select(columns.VectorOf).ToList();
        var scaled = scaling.Fit(rows, columns.IsCount);
        var model = OneClassSolver.Solve([.. rows.Select(row => scaled.Apply(row))], options, cancel: cancel);
        return new Fitted(columns, scaled, model);
    }

    public IFittedDetector Restore(JsonElement state) => Fitted.Of(state.Deserialize<PaperState>(Json.Options)!);

    /// <param name="Offsets">Null in profiles of format 1, which knew no centring.</param>
    /// <param name="Names">Columns that the schema has learnt; null where they are fixed.</param>
    private sealed record PaperState(string Schema, IReadOnlyList<double> Scales, SvmState Svm, IReadOnlyList<double>? Offsets = null, IReadOnlyList<string>? Names = null);

    private sealed class Fitted(IFeatureSchema schema, ColumnScaling scaling, OneClassModel model) : IFittedDetector
    {
        public static Fitted Of(PaperState state)
        {
            var schema = FeatureSchemas.Find(state.Schema).WithNames(state.Names);
            var width = schema.Names.Count;
            var offsets = state.Offsets ?? new double[width];
            if (state.Scales.Count != width || state.Scales.Any(scale => !double.IsFinite(scale) || scale <= 0) || offsets.Count != width || !offsets.All(double.IsFinite))
            {
                throw new InvalidDataException($"the profile has {state.Scales.Count} scales for {width} features: the file is damaged");
            }

            return new Fitted(schema, new ColumnScaling(offsets, state.Scales), state.Svm.Model(width));
        }

        public LoadFacts Needs => schema.Needs;

        public double Value(Load load) => model.Decide(Scaled(load));

        public IReadOnlyList<Contribution> Explain(Load load)
        {
            var row = Scaled(load);
            var nearest = model.SupportVectors.MaxBy(vector => model.Kernel.Of(vector, row))!;
            return Explanation.Of(row.Select((value, column) => (
                schema.Names[column],
                Unscaled(value, column),
                Unscaled(nearest[column], column),
                (value - nearest[column]) * (value - nearest[column]))));
        }

        public JsonElement State() => JsonSerializer.SerializeToElement(
            new PaperState(schema.Id, scaling.Scales, SvmState.Of(model), scaling.Offsets, schema.Needs.HasFlag(LoadFacts.Sequences) ? schema.Names : null), Json.Options);

        private double Unscaled(double value, int column) => (value * scaling.Scales[column]) + scaling.Offsets[column];

        private double[] Scaled(Load load) => scaling.Apply(schema.VectorOf(load));
    }
}
