using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Shared.Static;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>
/// Splits a load's counts into what repeats in loads of its format and what follows the file's size, and makes the vector that the one-class
/// SVM sees. Three columns a call:
/// <code>
///   rest / 0.1         repeatable calls: the count; sized calls: what their law leaves over, or how far the nearest known count of the format is.
///                      One call more or less is ten units away
///   position / √m      m sized calls: all of them together move a load by less than a single repeatable call does
///   shortfall / 0.1    sized calls: fewer calls than the smallest load makes
///   apart             formats known by reference files, where there are any: a number each, far from the rest, so that what such a
///                     format shows excuses nothing in others
/// </code>
/// A format of one load or none is not known: of its loads only calls are judged that no benign load of any format makes.
/// </summary>
internal sealed class CallModel
{
    /// <summary>Loads of a format from which on all its calls are judged by what they alone show.</summary>
    public const int LoadsForFormat = 6;

    /// <summary>With fewer, but so many, all formats together say which calls repeat, and these loads only how often.</summary>
    private const int LoadsWithOthersHelp = 2;

    private const double UnitsPerCall = 10;
    private const double UnitsApart = 1000;

    private static readonly IFeatureSchema Schema = FeatureSchemas.AllCalls;
    private static readonly int Columns = Schema.Names.Count;

    /// <summary>
    /// Calls that touch nothing but the process's own memory and entropy: how many there are follows the allocator and what the objects
    /// seed, and no attack consists of them. Mappings that are writable and executable are an indicator of their own.
    /// </summary>
    private static readonly int[] InertColumns =
        [.. new[] { "mmap", "munmap", "mremap", "brk", "madvise", "getrandom" }.Select(name => Schema.Names.Index().Single(entry => entry.Item == name).Index)];

    private readonly HashSet<int> calledColumns;
    private readonly Dictionary<string, SizedCall?[]> sizedByFormat;
    private readonly Dictionary<string, int> apart;

    private CallModel(CallModelState state)
    {
        State = state;
        calledColumns = [.. state.Called];
        apart = state.Formats.Where(known => known.Apart > 0).ToDictionary(known => known.Format, known => known.Apart);
        sizedByFormat = state.Formats.ToDictionary(known => known.Format, known =>
        {
            var sized = new SizedCall?[Columns];
            foreach (var call in known.Sized)
            {
                sized[call.Column] = call;
            }

            return sized;
        });
    }

    /// <summary>Length of a vector.</summary>
    public int Width => (3 * Columns) + (apart.Count > 0 ? 1 : 0);

    public CallModelState State { get; }

    /// <param name="laws">Whether to look for laws that sized calls follow.</param>
    /// <param name="pooled">Whether all formats are taken together.</param>
    /// <param name="known">Whether calls that do not repeat over all loads are held to the counts that a format shows.</param>
    public static CallModel Fit(IReadOnlyList<Load> loads, bool laws, bool pooled, bool known, CancellationToken cancel)
    {
        var rows = loads.Select(load => CountsOf(load)).ToList();
        var formats = Enumerable.Range(0, rows.Count)
            .GroupBy(index => loads[index].Format)
            .Where(group => group.Count() >= LoadsWithOthersHelp)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        List<string> byReference = [.. formats.Where(group => group.Any(index => loads[index].IsReference)).Select(group => group.Key)];
        List<int> trained = [.. formats.Select(group => group.Where(index => !loads[index].IsReference).ToList()).Where(group => group.Count >= LoadsWithOthersHelp).SelectMany(group => group)];
        var together = trained.Count > 0 ? SizedCalls(trained) : [];
        return new CallModel(new CallModelState(
            Schema.Id,
            [.. Enumerable.Range(0, Columns).Where(column => rows.Any(row => row[column] > 0))],
            [.. formats.Select(group => new FormatCalls(group.Key, OfFormat([.. group]), 1 + byReference.IndexOf(group.Key)))]));

        List<SizedCall> OfFormat(List<int> indices)
        {
            var few = indices.Count < LoadsForFormat;
            var calls = (pooled || few) && !byReference.Contains(loads[indices[0]].Format) ? together : SizedCalls(indices);
            return known && !few ? [.. calls.Select(call => call.Knowing([.. indices.Select(index => rows[index])]))] : calls;
        }

        List<SizedCall> SizedCalls(IReadOnlyList<int> indices) =>
            FitFormat([.. indices.Select(index => rows[index])], [.. indices.Select(index => loads[index].Structure)], laws, cancel);
    }

    /// <exception cref="InvalidDataException">Columns or numbers that no fit gives.</exception>
    public static CallModel Restore(CallModelState state)
    {
        var fits = state.Schema == Schema.Id
            && state.Called.All(column => column >= 0 && column < Columns)
            && state.Formats.Select(known => known.Format).Distinct().Count() == state.Formats.Count
            && state.Formats.All(known => known.Apart >= 0 && known.Sized.All(call => call.IsSound(Columns)));
        return fits ? new CallModel(state) : throw new InvalidDataException("the profile's model of calls does not fit its feature schema: the file is damaged");
    }

    /// <param name="typical">Vector of an ordinary load, which stands in for what cannot be judged in a format that is not known; null while fitting.</param>
    public double[] VectorOf(Load load, double[]? typical)
    {
        var counts = CountsOf(load);
        if (!sizedByFormat.TryGetValue(load.Format, out var sized))
        {
            return OfUnknownFormat(counts, typical ?? new double[Width]);
        }

        var vector = new double[Width];
        if (apart.TryGetValue(load.Format, out var number))
        {
            vector[^1] = number * UnitsApart;
        }

        var sizedUnits = 1 / Math.Sqrt(Math.Max(1, sized.Count(call => call is not null)));
        for (var column = 0; column < Columns; column++)
        {
            if (sized[column] is { } call)
            {
                vector[column] = call.Rest(counts, load.Structure) * UnitsPerCall;
                vector[Columns + column] = call.Position(counts[column]) * sizedUnits;
                vector[(2 * Columns) + column] = call.Shortfall(counts[column]) * UnitsPerCall;
            }
            else
            {
                vector[column] = counts[column] * UnitsPerCall;
            }
        }

        return vector;
    }

    /// <summary>Whether the loads of a format are judged by all their calls.</summary>
    public bool Knows(string format) => sizedByFormat.ContainsKey(format);

    /// <summary>Columns that calls stand in.</summary>
    public static int CallColumns => 3 * Columns;

    /// <summary>What differs in a column between a load and another vector: the call, how often the load makes it, and how often it would as the other one.</summary>
    public static (string Feature, double Observed, double Usual) Meaning(int column, double[] vector, double[] other, Load load)
    {
        var call = column % Columns;
        var observed = CountsOf(load)[call];
        return (Schema.Names[call], observed, column < Columns ? observed - ((vector[column] - other[column]) / UnitsPerCall) : observed);
    }

    private static double[] CountsOf(Load load)
    {
        var counts = Schema.VectorOf(load);
        foreach (var column in InertColumns)
        {
            counts[column] = 0;
        }

        return counts;
    }

    private static List<SizedCall> FitFormat(List<double[]> rows, List<FileStructure> structures, bool laws, CancellationToken cancel)
    {
        var repeatable = RepeatableColumns.Find(rows, cancel);
        var calls = new List<SizedCall>();
        foreach (var column in Enumerable.Range(0, Columns).Where(column => !repeatable[column]))
        {
            var lawless = calls.Where(call => call.Law is null).Select(call => call.Column);
            var sources = laws ? Enumerable.Range(SizeLaw.LowestSource, -SizeLaw.LowestSource).Concat(lawless) : [];
            var law = sources.Select(source => SizeLaw.Find(column, source, rows, structures)).FirstOrDefault(found => found is not null);
            calls.Add(SizedCall.Of(column, rows, law));
        }

        return calls;
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
