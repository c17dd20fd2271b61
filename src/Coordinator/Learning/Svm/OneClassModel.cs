namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>A fitted one-class SVM: f(x) = Σ alpha_i K(s_i, x) − rho, negative outside. Immutable, safe for any thread.</summary>
/// <param name="kernel">K.</param>
/// <param name="supportVectors">The s_i, at least one, all of one length.</param>
/// <param name="alpha">Their weights, positive; they add up to nu times the number of training rows (libsvm's scaling).</param>
public sealed class OneClassModel(Kernel kernel, IReadOnlyList<double[]> supportVectors, IReadOnlyList<double> alpha, double rho)
{
    private readonly SupportColumns columns = new(kernel, supportVectors);

    public Kernel Kernel => kernel;

    public IReadOnlyList<double[]> SupportVectors => supportVectors;

    public IReadOnlyList<double> Alpha => alpha;

    public double Rho => rho;

    /// <summary>f(x).</summary>
    /// <exception cref="ArgumentException">The row is not as long as the training rows.</exception>
    public double Decide(ReadOnlySpan<double> row) => row.Length == supportVectors[0].Length
        ? columns.WeightedSum(alpha, row) - rho
        : throw new ArgumentException($"a row of {row.Length} values cannot be scored by a model of {supportVectors[0].Length}: use its feature schema", nameof(row));

    /// <summary>f(x) of many rows, on all processors; the same values as one by one.</summary>
    public double[] DecideAll(IReadOnlyList<double[]> rows)
    {
        var values = new double[rows.Count];
        Parallel.For(0, rows.Count, place => values[place] = Decide(rows[place]));
        return values;
    }
}
