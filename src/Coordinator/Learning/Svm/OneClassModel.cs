namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>A fitted one-class SVM: f(x) = Σ alpha_i K(s_i, x) − rho, negative outside.</summary>
/// <param name="SupportVectors">The s_i, all of one length.</param>
/// <param name="Alpha">Their weights, positive; they add up to nu times the number of training rows (libsvm's scaling).</param>
public sealed record OneClassModel(Kernel Kernel, IReadOnlyList<double[]> SupportVectors, IReadOnlyList<double> Alpha, double Rho)
{
    /// <summary>f(x).</summary>
    /// <exception cref="ArgumentException">The row is not as long as the training rows.</exception>
    public double Decide(ReadOnlySpan<double> row)
    {
        if (row.Length != SupportVectors[0].Length)
        {
            throw new ArgumentException($"a row of {row.Length} values cannot be scored by a model of {SupportVectors[0].Length}: use its feature schema", nameof(row));
        }

        var sum = -Rho;
        for (var i = 0; i < SupportVectors.Count; i++)
        {
            sum += Alpha[i] * Kernel.Of(SupportVectors[i], row);
        }

        return sum;
    }
}
