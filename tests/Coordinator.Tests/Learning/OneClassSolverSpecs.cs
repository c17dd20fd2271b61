using DynaHug.Coordinator.Learning.Svm;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace DynaHug.Coordinator.Tests.Learning;

public sealed class OneClassSolverSpecs
{
    private static readonly double[][] Cloud = Points(120, 4, seed: 3);

    public static TheoryData<KernelKind> Kernels => [KernelKind.Linear, KernelKind.Rbf, KernelKind.Sigmoid, KernelKind.Poly];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Meets_the_optimality_conditions(KernelKind kind)
    {
        var options = new OneClassSvmOptions { Nu = 0.2, Kernel = new Kernel(kind, Gamma: 0.05, Coef0: 0.1, Degree: 2), Tolerance = 1e-8 };

        var model = OneClassSolver.Solve(Cloud, options, cancel: TestContext.Current.CancellationToken);

        model.Alpha.Sum().ShouldBe(0.2 * Cloud.Length, 1e-9);
        model.Alpha.ShouldAllBe(alpha => alpha > 0 && alpha <= 1);
        foreach (var (vector, alpha) in model.SupportVectors.Zip(model.Alpha))
        {
            var decision = model.Decide(vector);
            (alpha < 1 ? Math.Abs(decision) : Math.Max(decision, 0)).ShouldBeLessThan(1e-6);
        }

        Cloud.Except(model.SupportVectors).ShouldAllBe(point => model.Decide(point) > -1e-6);
    }

    [Fact]
    public void A_weight_stands_for_that_many_equal_rows()
    {
        var options = new OneClassSvmOptions { Nu = 0.1, Kernel = new Kernel(KernelKind.Rbf, 0.3), Tolerance = 1e-11 };
        double[] weights = [.. Cloud.Select((_, index) => 1.0 + (index % 4))];
        double[][] repeated = [.. Cloud.SelectMany((point, index) => Enumerable.Repeat(point, 1 + (index % 4)))];

        var weighted = OneClassSolver.Solve(Cloud, options, weights, TestContext.Current.CancellationToken);
        var plain = OneClassSolver.Solve(repeated, options, cancel: TestContext.Current.CancellationToken);

        weighted.Rho.ShouldBe(plain.Rho, 1e-8);
        Points(20, 4, seed: 9).ShouldAllBe(point => Math.Abs(weighted.Decide(point) - plain.Decide(point)) < 1e-8);
    }

    [Fact]
    public void Leaves_at_most_nu_of_the_rows_outside()
    {
        var model = OneClassSolver.Solve(Cloud, new OneClassSvmOptions { Nu = 0.1 }, cancel: TestContext.Current.CancellationToken);

        Cloud.Count(point => model.Decide(point) < -1e-6).ShouldBeLessThanOrEqualTo(12);
        model.SupportVectors.Count.ShouldBeGreaterThanOrEqualTo(12);
    }

    [Fact]
    public void Fits_equal_rows() =>
        OneClassSolver.Solve([[1, 2], [1, 2]], new OneClassSvmOptions { Nu = 0.5 }, cancel: TestContext.Current.CancellationToken).Decide([1, 2]).ShouldBe(0, 1e-12);

    [Fact]
    public void Refuses_rows_it_cannot_learn_from()
    {
        var options = new OneClassSvmOptions();
        Should.Throw<ArgumentException>(() => OneClassSolver.Solve([], options)).Message.ShouldContain("there are none");
        Should.Throw<ArgumentException>(() => OneClassSolver.Solve([[1, 2]], options)).Message.ShouldContain("single row");
        Should.Throw<ArgumentException>(() => OneClassSolver.Solve([[1, 2]], options, [1])).Message.ShouldContain("single row");
        Should.Throw<ArgumentException>(() => OneClassSolver.Solve([[1, 2], [1]], options)).Message.ShouldContain("row 1 has 1 values");
        Should.Throw<ArgumentException>(() => OneClassSolver.Solve([[1], [double.NaN]], options)).Message.ShouldContain("NaN");
        Should.Throw<ArgumentException>(() => OneClassSolver.Solve([[1], [2]], options, [0.0, 1])).Message.ShouldContain("positive weights");
    }

    [Fact]
    public void Refuses_rows_it_cannot_score()
    {
        var model = OneClassSolver.Solve(Cloud, new OneClassSvmOptions(), cancel: TestContext.Current.CancellationToken);

        Should.Throw<ArgumentException>(() => model.Decide([1, 2])).Message.ShouldContain("a row of 2 values cannot be scored by a model of 4");
        Should.Throw<ArgumentException>(() => model.Decide([1, double.NaN, 1, 1])).Message.ShouldContain("NaN");
        model.Decide([1, double.PositiveInfinity, 1, 1]).ShouldBeLessThan(0);
    }

    /// <summary>Rows that agree in most columns, as loads do, and rows that agree in none.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_values_of_points_stored_by_what_is_unusual_are_the_kernel_s_own(KernelKind kind)
    {
        var kernel = new Kernel(kind, Gamma: 0.05, Coef0: 0.1, Degree: 2);
        var random = new Random(7);
        double[][] loads = [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 40).Select(column => random.Next(8) == 0 ? random.Next(5) : column % 6.0).ToArray())];
        foreach (var points in new[] { loads, Points(60, 40, seed: 2) })
        {
            var sparse = new SparsePoints(kernel, points);
            var values = new double[points.Length];
            foreach (var row in points.Concat(Points(5, 40, seed: 4)))
            {
                sparse.Evaluate(row, values);
                values.ShouldBe(points.Select(point => kernel.Of(point, row)), 1e-12);
            }
        }
    }

    [Fact]
    public void Works_as_a_step_of_an_ML_NET_pipeline()
    {
        var context = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Double, 4);
        var data = context.Data.LoadFromEnumerable(Cloud.Select(point => new Row { Features = point }), schema);
        var options = new OneClassSvmOptions { Nu = 0.1 };

        var pipeline = context.Transforms.CopyColumns("Kept", "Features").Append(new OneClassSvmTrainer(context, options)).Fit(data);

        var expected = OneClassSolver.Solve(Cloud, options, cancel: TestContext.Current.CancellationToken);
        var values = pipeline.Transform(data).GetColumn<double>("DecisionValue").ToArray();
        values.ShouldBe(Cloud.Select(point => expected.Decide(point)));
        var engine = context.Model.CreatePredictionEngine<Row, Prediction>(pipeline, inputSchemaDefinition: schema);
        engine.Predict(new Row { Features = [50, 50, 50, 50] }).PredictedLabel.ShouldBeTrue();
    }

    private static double[][] Points(int count, int width, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, width).Select(_ => (random.NextDouble() * 4) - 1).ToArray())];
    }

    private sealed class Row
    {
        public double[] Features { get; set; } = [];
    }

    private sealed class Prediction
    {
        public bool PredictedLabel { get; set; }

        public double DecisionValue { get; set; }
    }
}
