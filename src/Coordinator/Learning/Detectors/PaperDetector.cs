using System.Text.Json;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Coordinator.Learning.Svm;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>
/// The published method: one-class SVM with RBF kernel, gamma 0.1, nu 0.01, on presence and frequency, frequencies divided by their standard
/// deviation (arXiv 2604.19438, section on the classifier). Kept for comparison; with few loads it takes new sizes for malice.
/// </summary>
public sealed class PaperDetector(IFeatureSchema schema, OneClassSvmOptions options) : IDetector
{
    public PaperDetector()
        : this(FeatureSchemas.PresenceFrequency, new OneClassSvmOptions())
    {
    }

    public string Name => "paper";

    public IFittedDetector Fit(IReadOnlyList<Load> loads, int seed, CancellationToken cancel)
    {
        var rows = loads.Select(load => schema.VectorOf(load.Counts)).ToList();
        var scaling = ScalingOf(rows);
        var model = OneClassSolver.Solve([.. rows.Select(row => scaling.Apply(row))], options, cancel: cancel);
        return new Fitted(schema, scaling, model);
    }

    public IFittedDetector Restore(JsonElement state) => Fitted.Of(state.Deserialize<PaperState>(Json.Options)!);

    private ColumnScaling ScalingOf(List<double[]> rows)
    {
        var counted = schema.Id == FeatureSchemas.Presence.Id ? 0 : Math.Min(SyscallList.Names.Count, rows[0].Length);
        return ColumnScaling.StandardDeviation(rows, counted);
    }

    private sealed record PaperState(string Schema, IReadOnlyList<double> Scales, SvmState Svm);

    private sealed class Fitted(IFeatureSchema schema, ColumnScaling scaling, OneClassModel model) : IFittedDetector
    {
        public static Fitted Of(PaperState state)
        {
            var schema = FeatureSchemas.Find(state.Schema);
            if (state.Scales.Count != schema.Names.Count || state.Scales.Any(scale => !double.IsFinite(scale) || scale <= 0))
            {
                throw new InvalidDataException($"the profile has {state.Scales.Count} scales for {schema.Names.Count} features: the file is damaged");
            }

            return new Fitted(schema, new ColumnScaling(new double[state.Scales.Count], state.Scales), state.Svm.Model(schema.Names.Count));
        }

        public double Value(Load load) => model.Decide(Scaled(load));

        public IReadOnlyList<Contribution> Explain(Load load)
        {
            var row = Scaled(load);
            var nearest = model.SupportVectors.MaxBy(vector => model.Kernel.Of(vector, row))!;
            return Explanation.Of(row.Select((value, column) => (
                schema.Names[column],
                value * scaling.Scales[column],
                nearest[column] * scaling.Scales[column],
                (value - nearest[column]) * (value - nearest[column]))));
        }

        public JsonElement State() =>
            JsonSerializer.SerializeToElement(new PaperState(schema.Id, scaling.Scales, SvmState.Of(model)), Json.Options);

        private double[] Scaled(Load load) => scaling.Apply(schema.VectorOf(load.Counts));
    }
}
