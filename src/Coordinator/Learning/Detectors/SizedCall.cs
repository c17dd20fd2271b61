using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Shared.Static;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>A call whose count follows the size of the file, or chance.</summary>
/// <param name="Column">Its column in the feature schema.</param>
/// <param name="Median">Usual count.</param>
/// <param name="Spread">Deviation from the median that counts as far; positive.</param>
/// <param name="Floor">Fewer calls than this no load makes, however small the file; null where too few loads were seen to say so.</param>
/// <param name="Law">What the count follows, where that leaves over a number that repeats.</param>
/// <param name="Known">
/// The counts that loads of this format show, where hardly any shows one of its own: what another format makes vary, or two kinds of file of this one, does not
/// excuse a count that was never seen. Null where counts of its own are common, or no such list is wanted.
/// </param>
internal sealed record SizedCall(int Column, double Median, double Spread, double? Floor, SizeLaw? Law, IReadOnlyList<double>? Known = null)
{
    private const int MostKnown = 10_000;

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

    /// <summary>The same call with the counts that loads of one format show, where they repeat.</summary>
    public SizedCall Knowing(IReadOnlyList<double[]> rows)
    {
        var values = Statistics.Column(rows, Column);
        return Law is null && Statistics.Novelty(values) <= RepeatableColumns.LargestNovelty ? this with { Known = [.. values.Distinct().Order()] } : this;
    }

    /// <summary>What repeats of the count: what its law leaves over, or how far the nearest known count is; else nothing.</summary>
    public double Rest(double[] counts, FileStructure structure) =>
        Law is not null ? Law.RestOf(counts[Column], counts, structure)
        : Known is not null ? counts[Column] - Known.MinBy(known => Math.Abs(known - counts[Column]))
        : 0;

    /// <summary>From −1 (far fewer than usual) to 1 (far more): bounded, because a bigger model than any seen is not suspicious.</summary>
    public double Position(double count) => Math.Clamp((count - Median) / Spread, -1, 1);

    /// <summary>Calls missing below the floor.</summary>
    public double Shortfall(double count) => Floor is { } floor ? Math.Max(0, floor - count) : 0;

    /// <summary>Whether a fit could have given this, for a schema of so many columns.</summary>
    public bool IsSound(int columns) =>
        Column >= 0 && Column < columns && double.IsFinite(Spread) && Spread > 0 && double.IsFinite(Median) && double.IsFinite(Floor ?? 0)
        && Known is null or { Count: > 0 and <= MostKnown } && (Known ?? []).All(double.IsFinite)
        && (Law is null || (Law.Source >= SizeLaw.LowestSource && Law.Source < columns && double.IsFinite(Law.Rest) && double.IsFinite(Law.Least) && double.IsFinite(Law.Most)));
}
