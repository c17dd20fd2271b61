using DynaHug.Coordinator.Learning.Scaling;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>A call whose count follows the size of the file, or chance.</summary>
/// <param name="Column">Its column in the feature schema.</param>
/// <param name="Median">Usual count.</param>
/// <param name="Spread">Deviation from the median that counts as far; positive.</param>
/// <param name="Floor">Fewer calls than this no load makes, however small the file; null where too few loads were seen to say so.</param>
internal sealed record SizedCall(int Column, double Median, double Spread, double? Floor)
{
    private const double SpreadInDeviations = 3;

    /// <summary>
    /// The smallest of n counts is undercut by the next with a chance of 1/(n+1): below this many loads, with half a dozen such calls, floors
    /// alone would cost more than one false alarm in a hundred.
    /// </summary>
    private const int LoadsForFloor = 500;

    public static SizedCall Of(int column, double[] values) => new(
        column,
        Statistics.Median(values),
        Math.Max(1, SpreadInDeviations * Statistics.ClippedDeviation(values)),
        values.Length >= LoadsForFloor ? values.Min() : null);

    /// <summary>From −1 (far fewer than usual) to 1 (far more): bounded, because a bigger model than any seen is not suspicious.</summary>
    public double Position(double count) => Math.Clamp((count - Median) / Spread, -1, 1);

    /// <summary>Calls missing below the floor.</summary>
    public double Shortfall(double count) => Floor is { } floor ? Math.Max(0, floor - count) : 0;
}
