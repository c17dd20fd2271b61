namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>
/// The support vectors without the columns in which they do not differ: of 720 columns some thirty do. What a row has in the others is worth the
/// same to every support vector and is added once.
/// </summary>
internal sealed class SupportColumns
{
    private readonly Kernel kernel;
    private readonly int[] differing;
    private readonly (int Column, double Value)[] common;
    private readonly double[][] vectors;

    public SupportColumns(Kernel kernel, IReadOnlyList<double[]> supportVectors)
    {
        this.kernel = kernel;
        var first = supportVectors[0];
        differing = [.. Enumerable.Range(0, first.Length).Where(column => supportVectors.Any(vector => vector[column] != first[column]))];
        common = [.. Enumerable.Range(0, first.Length).Except(differing).Select(column => (column, first[column])).Where(entry => kernel.IsTranslationInvariant || entry.Item2 != 0)];
        vectors = [.. supportVectors.Select(vector => Array.ConvertAll(differing, column => vector[column]))];
    }

    /// <summary>Σ alpha_i K(s_i, row).</summary>
    public double WeightedSum(IReadOnlyList<double> alpha, ReadOnlySpan<double> row)
    {
        var shared = 0.0;
        foreach (var (column, value) in common)
        {
            shared += kernel.IsTranslationInvariant ? (row[column] - value) * (row[column] - value) : row[column] * value;
        }

        var narrow = new double[differing.Length];
        for (var k = 0; k < narrow.Length; k++)
        {
            narrow[k] = row[differing[k]];
        }

        var sum = 0.0;
        for (var i = 0; i < vectors.Length; i++)
        {
            sum += alpha[i] * kernel.Of(vectors[i], narrow, shared);
        }

        return sum;
    }
}
