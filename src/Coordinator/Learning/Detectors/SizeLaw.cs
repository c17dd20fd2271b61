using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Shared.Static;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>
/// A whole number of calls for each of something: six lseeks a storage, one close an openat. What the law leaves over repeats, although the
/// count does not, so that one call more is seen whatever the size of the file.
/// </summary>
/// <param name="Source">What the calls are counted by: see <see cref="Amount"/>.</param>
/// <param name="Slope">Calls for each, a whole number.</param>
/// <param name="Least">Smallest amount the law was seen to hold for.</param>
/// <param name="Most">Largest amount the law was seen to hold for; it is trusted a little beyond.</param>
/// <param name="Rest">Usual number of calls that it leaves over.</param>
internal sealed record SizeLaw(int Source, int Slope, double Least, double Most, double Rest)
{
    private const double LargestRounding = 0.02;
    private const double Trust = 4;

    /// <summary>Storages, members, pickle streams and opcodes, below the columns.</summary>
    private static readonly Func<FileStructure, double>[] Structures =
        [structure => structure.Storages, structure => structure.Members, structure => structure.Pickles, structure => structure.Opcodes];

    public static int LowestSource => -Structures.Length;

    /// <summary>How much of the source a load has: negative sources are facts of the file's structure, others the counts of another call.</summary>
    public static double Amount(int source, double[] counts, FileStructure structure) => source < 0 ? Structures[source + Structures.Length](structure) : counts[source];

    /// <summary>Calls that the law does not explain; the usual rest where the amount is far from what was seen.</summary>
    public double RestOf(double count, double[] counts, FileStructure structure)
    {
        var amount = Amount(Source, counts, structure);
        return amount < Least / Trust || amount > Most * Trust ? Rest : count - (Slope * amount);
    }

    /// <summary>The law by which a column follows a source, or null where it follows none or leaves over what does not repeat.</summary>
    public static SizeLaw? Find(int column, int source, IReadOnlyList<double[]> rows, IReadOnlyList<FileStructure> structures)
    {
        var points = rows.Select((row, index) => (Amount: Amount(source, row, structures[index]), Count: row[column])).OrderBy(point => point.Amount).ToArray();
        var half = points.Length / 2;
        var slopes = Enumerable.Range(0, points.Length - half)
            .Select(low => (Low: points[low], High: points[low + half]))
            .Where(pair => pair.High.Amount > pair.Low.Amount)
            .Select(pair => (pair.High.Count - pair.Low.Count) / (pair.High.Amount - pair.Low.Amount))
            .ToArray();
        if (slopes.Length == 0)
        {
            return null;
        }

        var slope = Statistics.Median(slopes);
        var whole = Math.Round(slope);
        var rests = Array.ConvertAll(points, point => point.Count - (whole * point.Amount));
        return whole != 0 && Math.Abs(whole) <= int.MaxValue && Math.Abs(slope - whole) <= LargestRounding && Statistics.Novelty(rests) <= RepeatableColumns.LargestNovelty
            ? new SizeLaw(source, (int)whole, points[0].Amount, points[^1].Amount, Statistics.Median(rests))
            : null;
    }
}
