namespace DynaHug.Coordinator.Learning;

/// <summary>
/// From decision values to figures that mean the same in every profile, by the benign loads scored by detectors not fitted on them. A score
/// of 0.99 is what one benign load in a hundred reaches.
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

    /// <summary>Share of the benign loads that look more ordinary: 0 for the most ordinary one, 1 for farther out than every one.</summary>
    public double ScoreOf(double value) => (double)Values.Count(benign => benign > value) / Values.Count;

    /// <summary>
    /// Conformal p-value: how likely a benign load looks as odd as this one or odder, never below 1/(n+1) of n benign loads (Vovk, Gammerman and
    /// Shafer, "Algorithmic Learning in a Random World", 2005, section 2.2).
    /// </summary>
    public double PValueOf(double value) => (1.0 + Values.Count(benign => benign <= value)) / (Values.Count + 1);
}
