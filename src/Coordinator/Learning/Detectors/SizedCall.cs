using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Shared.Static;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>A call whose count follows the size of the file, or chance.</summary>
/// <param name="Column">Its column in the feature schema.</param>
/// <param name="Median">Usual count.</param>
/// <param name="Spread">Deviation from the median that counts as far; positive.</param>
/// <param name="Floor">Fewer calls than this no load makes, however small the file; null where too few loads were seen to say so.</param>
/// <param name="Law">What the count follows, where that leaves over a number that repeats.</param>
internal sealed record SizedCall(int Column, double Median, double Spread, double? Floor, SizeLaw? Law)
{
    private const double SpreadInDeviations = 3;

    /// <summary>
    /// The smallest of n counts is undercut by the next with a chance of 1/(n+1): below this many loads, with half a dozen such calls, floors
    /// alone would cost more than one false alarm in a hundred.
    /// </summary>
    private const int LoadsForFloor = 500;

    public static SizedCall Of(int column, IReadOnlyList<double[]> rows, SizeLaw? law)
    {
        var values = Statistics.Column(rows, column);
        return new SizedCall(
            column,
            Statistics.Median(values),
            Math.Max(1, SpreadInDeviations * Statistics.ClippedDeviation(values)),
            values.Length >= LoadsForFloor ? values.Min() : null,
            law);
    }

    /// <summary>What repeats of the count: what its law leaves over, else nothing.</summary>
    public double Rest(double[] counts, FileStructure structure) => Law?.RestOf(counts[Column], counts, structure) ?? 0;

    /// <summary>From −1 (far fewer than usual) to 1 (far more): bounded, because a bigger model than any seen is not suspicious.</summary>
    public double Position(double count) => Math.Clamp((count - Median) / Spread, -1, 1);

    /// <summary>Calls missing below the floor.</summary>
    public double Shortfall(double count) => Floor is { } floor ? Math.Max(0, floor - count) : 0;

    /// <summary>Whether a fit could have given this, for a schema of so many columns.</summary>
    public bool IsSound(int columns) =>
        Column >= 0 && Column < columns && double.IsFinite(Spread) && Spread > 0 && double.IsFinite(Median) && double.IsFinite(Floor ?? 0)
        && (Law is null || (Law.Source >= SizeLaw.LowestSource && Law.Source < columns && double.IsFinite(Law.Rest) && double.IsFinite(Law.Least) && double.IsFinite(Law.Most)));
}
