namespace DynaHug.Coordinator.Learning;

/// <summary>
/// From decision values to scores that mean the same in every profile: the share of benign loads, scored by detectors not fitted on them,
/// that look more ordinary. A score of 0.99 is what one benign load in a hundred reaches.
/// </summary>
/// <param name="Values">Quantiles of the benign out-of-fold decision values, ascending.</param>
internal sealed record Calibration(IReadOnlyList<double> Values)
{
    private const int MostQuantiles = 1001;

    public static Calibration Of(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count <= MostQuantiles
            ? new Calibration(sorted)
            : new Calibration([.. Enumerable.Range(0, MostQuantiles).Select(step => sorted[(int)((long)step * (sorted.Count - 1) / (MostQuantiles - 1))])]);
    }

    /// <summary>0 for the most ordinary benign load, 1 for farther out than every benign load.</summary>
    public double ScoreOf(double value) => (double)Values.Count(benign => benign > value) / Values.Count;
}
