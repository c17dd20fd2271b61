using System.Buffers;

namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>
/// Points as what differs from the usual value of each column. Loads agree in most of 720 calls, so that a kernel value costs the dozen columns in which either
/// point is unusual, not all there are. Values are kept as they are, not as differences: nothing is lost to rounding. Immutable, safe for any thread.
/// </summary>
internal sealed class SparsePoints
{
    private readonly Kernel kernel;
    private readonly double[] usual;

    // Compressed rows: point k is unusual in the columns from starts[k] up to starts[k + 1].
    private readonly int[] starts;
    private readonly int[] columns;
    private readonly double[] values;

    /// <param name="points">At least one, all of one length.</param>
    public SparsePoints(Kernel kernel, IReadOnlyList<double[]> points)
    {
        this.kernel = kernel;
        usual = kernel.IsTranslationInvariant ? Usual(points) : new double[points[0].Length];
        starts = new int[points.Count + 1];
        var unusualColumns = new List<int>();
        var unusualValues = new List<double>();
        for (var k = 0; k < points.Count; k++)
        {
            for (var column = 0; column < usual.Length; column++)
            {
                if (points[k][column] != usual[column])
                {
                    unusualColumns.Add(column);
                    unusualValues.Add(points[k][column]);
                }
            }

            starts[k + 1] = unusualColumns.Count;
        }

        (columns, values) = ([.. unusualColumns], [.. unusualValues]);
    }

    public int Count => starts.Length - 1;

    /// <summary>K(x, point) for every point, in their order.</summary>
    public void Evaluate(ReadOnlySpan<double> x, Span<double> kernelValues)
    {
        var unusual = ArrayPool<int>.Shared.Rent(usual.Length);
        var seenBy = ArrayPool<int>.Shared.Rent(usual.Length);
        Array.Clear(seenBy, 0, usual.Length);
        var count = 0;
        for (var column = 0; column < usual.Length; column++)
        {
            if (x[column] != usual[column])
            {
                unusual[count++] = column;
            }
        }

        for (var k = 0; k < Count; k++)
        {
            kernelValues[k] = kernel.At(kernel.IsTranslationInvariant ? SquaredDistance(k, x, unusual.AsSpan(0, count), seenBy) : Inner(k, x));
        }

        ArrayPool<int>.Shared.Return(unusual);
        ArrayPool<int>.Shared.Return(seenBy);
    }

    /// <summary>Over the columns in which the point is unusual, then over those in which only x is.</summary>
    private double SquaredDistance(int k, ReadOnlySpan<double> x, ReadOnlySpan<int> unusual, int[] seenBy)
    {
        var sum = 0.0;
        for (var entry = starts[k]; entry < starts[k + 1]; entry++)
        {
            var column = columns[entry];
            var difference = x[column] - values[entry];
            sum += difference * difference;
            seenBy[column] = k + 1;
        }

        foreach (var column in unusual)
        {
            if (seenBy[column] != k + 1)
            {
                var difference = x[column] - usual[column];
                sum += difference * difference;
            }
        }

        return sum;
    }

    /// <summary>What is usual is 0 here.</summary>
    private double Inner(int k, ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        for (var entry = starts[k]; entry < starts[k + 1]; entry++)
        {
            sum += x[columns[entry]] * values[entry];
        }

        return sum;
    }

    /// <summary>In one pass, each column's majority where it has one (Boyer and Moore, "MJRTY", 1981), else one of its values: a poor guess costs time only.</summary>
    private static double[] Usual(IReadOnlyList<double[]> points)
    {
        var guess = (double[])points[0].Clone();
        var lead = new int[guess.Length];
        foreach (var point in points)
        {
            for (var column = 0; column < guess.Length; column++)
            {
                if (point[column] == guess[column])
                {
                    lead[column]++;
                }
                else if (lead[column] == 0)
                {
                    (guess[column], lead[column]) = (point[column], 1);
                }
                else
                {
                    lead[column]--;
                }
            }
        }

        return guess;
    }
}
