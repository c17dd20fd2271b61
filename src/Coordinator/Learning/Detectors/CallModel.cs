using DynaHug.Coordinator.Learning.Features;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>
/// Splits a load's counts into what repeats and what follows the file's size, and makes the vector that the one-class SVM sees:
/// <code>
///   count / 0.1                    repeatable call: one call more or less is ten units away
///   position / √m                  each of m sized calls: all of them together move a load by less than a single repeatable call does
///   shortfall / 0.1                each sized call: fewer calls than the smallest load makes
/// </code>
/// A format with too few training loads is not known: of its loads only calls are judged that no benign load of any format makes.
/// </summary>
internal sealed class CallModel
{
    /// <summary>Loads of a format from which on its counts are judged.</summary>
    private const int LoadsForFormat = 5;

    private const double UnitsPerCall = 10;

    private static readonly IFeatureSchema Schema = FeatureSchemas.AllCalls;

    private readonly CallModelState state;
    private readonly HashSet<string> formats;
    private readonly HashSet<int> calledColumns;
    private readonly bool[] isSized;
    private readonly double sizedUnits;

    private CallModel(CallModelState state)
    {
        this.state = state;
        formats = [.. state.Formats];
        calledColumns = [.. state.Called];
        isSized = new bool[Schema.Names.Count];
        foreach (var call in state.Sized)
        {
            isSized[call.Column] = true;
        }

        sizedUnits = 1 / Math.Sqrt(Math.Max(1, state.Sized.Count));
    }

    /// <summary>Length of a vector.</summary>
    public int Width => Schema.Names.Count + (2 * state.Sized.Count);

    public CallModelState State => state;

    public static CallModel Fit(IReadOnlyList<Load> loads, double novelty, CancellationToken cancel)
    {
        var rows = loads.Select(load => Schema.VectorOf(load.Counts)).ToList();
        var repeatable = RepeatableColumns.Find(rows, [.. loads.Select(load => load.Format)], novelty, cancel);
        var columns = Enumerable.Range(0, Schema.Names.Count).ToList();
        return new CallModel(new CallModelState(
            Schema.Id,
            [.. loads.CountBy(load => load.Format).Where(entry => entry.Value >= LoadsForFormat).Select(entry => entry.Key).Order(StringComparer.Ordinal)],
            [.. columns.Where(column => rows.Any(row => row[column] > 0))],
            [.. columns.Where(column => !repeatable[column]).Select(column => SizedCall.Of(column, [.. rows.Select(row => row[column])]))]));
    }

    /// <exception cref="InvalidDataException">Columns or numbers that no fit gives.</exception>
    public static CallModel Restore(CallModelState state)
    {
        var width = FeatureSchemas.Find(state.Schema).Names.Count;
        var fits = state.Schema == Schema.Id
            && state.Called.All(column => column >= 0 && column < width)
            && state.Sized.Count <= width && state.Sized.Select(call => call.Column).Distinct().Count() == state.Sized.Count
            && state.Sized.All(call => call.Column >= 0 && call.Column < width && call.Spread > 0
                && double.IsFinite(call.Spread) && double.IsFinite(call.Median) && double.IsFinite(call.Floor ?? 0));
        return fits ? new CallModel(state) : throw new InvalidDataException("the profile's model of calls does not fit its feature schema: the file is damaged");
    }

    /// <param name="typical">Vector of an ordinary load, which stands in for what cannot be judged in a format that is not known.</param>
    public double[] VectorOf(Load load, double[]? typical = null)
    {
        var counts = Schema.VectorOf(load.Counts);
        if (typical is not null && !formats.Contains(load.Format))
        {
            return OfUnknownFormat(counts, typical);
        }

        var vector = new double[Width];
        for (var column = 0; column < counts.Length; column++)
        {
            vector[column] = isSized[column] ? 0 : counts[column] * UnitsPerCall;
        }

        var next = counts.Length;
        foreach (var call in state.Sized)
        {
            vector[next++] = call.Position(counts[call.Column]) * sizedUnits;
            vector[next++] = call.Shortfall(counts[call.Column]) * UnitsPerCall;
        }

        return vector;
    }

    /// <summary>What a column of the vector stands for, in calls: its name, what this load shows, and what another vector shows.</summary>
    public (string Feature, double Observed, double Usual) Meaning(int column, double[] vector, double[] other, Load load)
    {
        if (column < Schema.Names.Count)
        {
            return (Schema.Names[column], vector[column] / UnitsPerCall, other[column] / UnitsPerCall);
        }

        var call = state.Sized[(column - Schema.Names.Count) / 2];
        return (Schema.Names[call.Column], Schema.VectorOf(load.Counts)[call.Column], call.Median);
    }

    private double[] OfUnknownFormat(double[] counts, double[] typical)
    {
        double[] vector = [.. typical];
        for (var column = 0; column < counts.Length; column++)
        {
            if (!calledColumns.Contains(column))
            {
                vector[column] = counts[column] * UnitsPerCall;
            }
        }

        return vector;
    }
}
