using System.Buffers;

namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>A fitted one-class SVM: f(x) = Σ alpha_i K(s_i, x) − rho, negative outside. Immutable, safe for any thread.</summary>
/// <param name="kernel">K.</param>
/// <param name="supportVectors">The s_i, at least one, all of one length.</param>
/// <param name="alpha">Their weights, positive; they add up to nu times the number of training rows (libsvm's scaling).</param>
public sealed class OneClassModel(Kernel kernel, IReadOnlyList<double[]> supportVectors, IReadOnlyList<double> alpha, double rho)
{
    private readonly SparsePoints points = new(kernel, supportVectors);
    private readonly double[] weights = [.. alpha];

    public Kernel Kernel => kernel;

    public IReadOnlyList<double[]> SupportVectors => supportVectors;

    public IReadOnlyList<double> Alpha => alpha;

    public double Rho => rho;

    /// <summary>f(x).</summary>
    /// <exception cref="ArgumentException">The row is not as long as the training rows, or holds what is no number.</exception>
    public double Decide(ReadOnlySpan<double> row)
    {
        if (row.Length != supportVectors[0].Length)
        {
            throw new ArgumentException($"a row of {row.Length} values cannot be scored by a model of {supportVectors[0].Length}: use its feature schema", nameof(row));
        }

        var values = ArrayPool<double>.Shared.Rent(weights.Length);
        points.Evaluate(row, values);
        var sum = 0.0;
        for (var k = 0; k < weights.Length; k++)
        {
            sum += weights[k] * values[k];
        }

        ArrayPool<double>.Shared.Return(values);
        return double.IsNaN(sum) ? throw new ArgumentException("the row holds NaN: leave it out", nameof(row)) : sum - rho;
    }

    /// <summary>f(x) of many rows, on all processors; the same values as one by one.</summary>
    public double[] DecideAll(IReadOnlyList<double[]> rows)
    {
        var values = new double[rows.Count];
        Parallel.For(0, rows.Count, place => values[place] = Decide(rows[place]));
        return values;
    }
}
