namespace DynaHug.Coordinator.Learning.Scaling;

/// <summary>Statistics of a column of counts.</summary>
internal static class Statistics
{
    public static double[] Column(IReadOnlyList<double[]> rows, int column) => [.. rows.Select(row => row[column])];

    /// <summary>Of the population (divided by n).</summary>
    public static double StandardDeviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    public static double Median(double[] values) => Quantile(values, 0.5);

    /// <summary>Linear interpolation between order statistics, as numpy does by default.</summary>
    public static double Quantile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>Share of the commonest value.</summary>
    public static double ModeShare(double[] values) => (double)values.CountBy(value => value).Max(entry => entry.Value) / values.Length;

    /// <summary>
    /// Good and Turing's estimate of how likely the next value is one never seen: the share of values seen exactly once (Good, "The population
    /// frequencies of species", Biometrika 40, 1953).
    /// </summary>
    public static double Novelty(double[] values) => (double)values.CountBy(value => value).Count(entry => entry.Value == 1) / values.Length;

    /// <summary>Standard deviation after clipping to the 1st and 99th percentile.</summary>
    public static double ClippedDeviation(double[] values)
    {
        var (low, high) = (Quantile(values, 0.01), Quantile(values, 0.99));
        return StandardDeviation([.. values.Select(value => Math.Clamp(value, low, high))]);
    }
}
