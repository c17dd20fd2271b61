namespace DynaHug.Coordinator.Learning.Scaling;

/// <summary>Per column: z = (x − offset) / scale. <see cref="Scalings"/> names the ways to find them.</summary>
/// <param name="Offsets">Subtracted; one a column.</param>
/// <param name="Scales">Divided by; positive, one a column.</param>
public sealed record ColumnScaling(IReadOnlyList<double> Offsets, IReadOnlyList<double> Scales)
{
    public double[] Apply(ReadOnlySpan<double> row)
    {
        var scaled = new double[row.Length];
        for (var column = 0; column < scaled.Length; column++)
        {
            scaled[column] = (row[column] - Offsets[column]) / Scales[column];
        }

        return scaled;
    }

    /// <summary>
    /// The paper's: divided by the standard deviation of the training rows (of the population; 1 where a column is constant), no centring.
    /// </summary>
    /// <param name="isCount">Columns that are scaled; the rest (presence) stays 0 or 1.</param>
    public static ColumnScaling StandardDeviation(IReadOnlyList<double[]> rows, Func<int, bool> isCount)
    {
        var width = rows[0].Length;
        return new ColumnScaling(
            new double[width],
            [.. Enumerable.Range(0, width).Select(column => isCount(column) ? OneIfZero(Statistics.StandardDeviation(Statistics.Column(rows, column))) : 1)]);
    }

    /// <summary>
    /// Robust: z = (x − median) / floor for stable columns (share of the commonest value at least 0.99), where a few odd rows would blow up
    /// the standard deviation; z = (x − median) / (multiplier · standard deviation of the values clipped to their 1st and 99th percentile) for the others.
    /// </summary>
    public static ColumnScaling Trimmed(IReadOnlyList<double[]> rows, double floor, double multiplier)
    {
        const double stableShare = 0.99;
        var columns = Enumerable.Range(0, rows[0].Length).Select(column => Statistics.Column(rows, column)).ToList();
        return new ColumnScaling(
            [.. columns.Select(Statistics.Median)],
            [.. columns.Select(values => Statistics.ModeShare(values) >= stableShare ? floor : OneIfZero(multiplier * Statistics.ClippedDeviation(values)))]);
    }

    /// <summary>Robust: z = (x − median) / distance of the quartiles, and at least one call, for columns that count.</summary>
    /// <inheritdoc cref="StandardDeviation"/>
    public static ColumnScaling Quartiles(IReadOnlyList<double[]> rows, Func<int, bool> isCount)
    {
        const double oneCall = 1;
        var columns = Enumerable.Range(0, rows[0].Length).Select(column => isCount(column) ? Statistics.Column(rows, column) : null).ToList();
        return new ColumnScaling(
            [.. columns.Select(values => values is null ? 0 : Statistics.Median(values))],
            [.. columns.Select(values => values is null ? 1 : Math.Max(oneCall, Statistics.Quantile(values, 0.75) - Statistics.Quantile(values, 0.25)))]);
    }

    private static double OneIfZero(double scale) => scale > 0 ? scale : 1;
}
