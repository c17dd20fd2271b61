using System.Text.Json;
using DynaHug.Coordinator.Evaluation;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Coordinator.Learning.Svm;

namespace DynaHug.Coordinator.Tests.Learning;

/// <summary>Our solver against what scikit-learn's libsvm converged to on the paper's counts (expected.json, <c>tight</c>).</summary>
public sealed class OneClassSolverReferenceSpecs
{
    private const double Tolerance = 1e-6;

    [Fact]
    public void Agrees_with_every_tight_model_of_the_reference()
    {
        var folder = PaperFolder.Require();
        using var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")));
        var models = reference.RootElement.GetProperty("models").EnumerateObject().ToList();
        models.ShouldNotBeEmpty();
        foreach (var model in models)
        {
            Check(model.Name, model.Value, new PaperData(folder));
        }
    }

    private static void Check(string name, JsonElement model, PaperData data)
    {
        var cluster = model.GetProperty("cluster").GetString()!;
        var schema = model.GetProperty("n_features").GetInt32() == FeatureSchemas.PresenceFrequency.Names.Count
            ? FeatureSchemas.PresenceFrequency
            : FeatureSchemas.Frequency;
        var all = Vectors(data, schema, $"{cluster}_train_benign");
        var indices = model.GetProperty("train_rows");
        var training = indices.ValueKind == JsonValueKind.Array ? indices.EnumerateArray().Select(index => all[index.GetInt32()]).ToList() : all;
        var scaling = model.GetProperty("scaling").GetString() == "trim_std"
            ? ColumnScaling.Trimmed(training, model.GetProperty("floor").GetDouble(), model.GetProperty("mult").GetDouble())
            : ColumnScaling.StandardDeviation(training, schema.IsCount);
        var expected = model.GetProperty("results").GetProperty("tight");
        var options = new OneClassSvmOptions
        {
            Kernel = KernelOf(model),
            Nu = model.GetProperty("nu").GetDouble(),
            Tolerance = expected.GetProperty("tol").GetDouble(),
        };

        var fitted = OneClassSolver.Solve([.. training.Select(row => scaling.Apply(row))], options, cancel: TestContext.Current.CancellationToken);

        fitted.Rho.ShouldBe(expected.GetProperty("rho").GetDouble(), Tolerance, name);
        fitted.Alpha.Sum().ShouldBe(expected.GetProperty("sum_dual_coef").GetDouble(), Tolerance, name);
        fitted.SupportVectors.Count.ShouldBeInRange(expected.GetProperty("n_support").GetInt32() - 1, expected.GetProperty("n_support").GetInt32() + 1, name);
        var decisions = expected.GetProperty("decision").EnumerateArray().Select(value => value.GetDouble());
        foreach (var (row, decision) in model.GetProperty("rows").EnumerateArray().Zip(decisions))
        {
            var file = $"{cluster}_{row[0].GetString()}";
            fitted.Decide(scaling.Apply(Vectors(data, schema, file)[row[1].GetInt32()])).ShouldBe(decision, Tolerance, $"{name}: {file} {row[1]}");
        }

        int Outliers(string file) => Vectors(data, schema, $"{cluster}_{file}").Count(row => fitted.Decide(scaling.Apply(row)) < 0);
        var confusion = expected.GetProperty("confusion");
        Outliers("eval_benign").ShouldBe(confusion.GetProperty("FP").GetInt32(), name);
        Outliers("malicious_injected").ShouldBe(confusion.GetProperty("TP_injected").GetInt32(), name);
        Outliers("malicious_real").ShouldBe(confusion.GetProperty("TP_real").GetInt32(), name);
    }

    private static Kernel KernelOf(JsonElement model) => new(
        Enum.Parse<KernelKind>(model.GetProperty("kernel").GetString()!, ignoreCase: true),
        model.TryGetProperty("gamma", out var gamma) ? gamma.GetDouble() : 1);

    private static List<double[]> Vectors(PaperData data, IFeatureSchema schema, string file) =>
        [.. data.Read(file).Select(load => schema.VectorOf(load))];
}
