using DynaHug.Coordinator.Learning.Scaling;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>
/// Finds the calls whose counts repeat from load to load of one format. A call is repeatable when
/// (1) a count never seen before is rare: Good and Turing's estimate is at most one in a hundred, and
/// (2) loads that agree in all other repeatable calls agree in it too, but for one in a hundred.
/// (1) leaves out what follows the size of a file, (2) what follows chance, such as futex, whose few values depend on how threads meet. Calls
/// with two usual counts, such as those of a training set traced on two machines, pass both.
/// </summary>
internal static class RepeatableColumns
{
    /// <summary>Largest share of never-seen counts that a repeatable call may show.</summary>
    public const double LargestNovelty = 0.01;

    private const double LeastAgreement = 0.99;

    /// <param name="rows">Counts, one row a load.</param>
    /// <returns>For each column whether it is repeatable.</returns>
    public static bool[] Find(IReadOnlyList<double[]> rows, CancellationToken cancel)
    {
        var repeatable = new bool[rows[0].Length];
        var varying = new List<int>();
        for (var column = 0; column < repeatable.Length; column++)
        {
            var values = Statistics.Column(rows, column);
            repeatable[column] = Statistics.Novelty(values) <= LargestNovelty;
            if (repeatable[column] && values.Any(value => value != values[0]))
            {
                varying.Add(column);
            }
        }

        var groups = rows.Select(row => Key(row, varying)).ToArray();
        while (varying.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            var (column, agreement) = varying.Select(column => (column, Agreement(rows, groups, column))).MinBy(entry => entry.Item2);
            if (agreement >= LeastAgreement)
            {
                break;
            }

            repeatable[column] = false;
            varying.Remove(column);
            groups = [.. groups.Select((key, row) => key - Mix(column, rows[row][column]))];
        }

        return repeatable;
    }

    /// <summary>One number for the counts in all these columns; a sum, so that one column can be taken out again.</summary>
    private static ulong Key(double[] row, List<int> columns)
    {
        var key = 0UL;
        foreach (var column in columns)
        {
            key += Mix(column, row[column]);
        }

        return key;
    }

    /// <summary>Share of the loads that show the usual count of those that agree with them in everything else; loads that stand alone say nothing.</summary>
    private static double Agreement(IReadOnlyList<double[]> rows, ulong[] groups, int column)
    {
        var counts = new Dictionary<ulong, Dictionary<double, int>>();
        for (var row = 0; row < groups.Length; row++)
        {
            var value = rows[row][column];
            var rest = groups[row] - Mix(column, value);
            if (!counts.TryGetValue(rest, out var group))
            {
                counts[rest] = group = [];
            }

            group[value] = group.GetValueOrDefault(value) + 1;
        }

        var telling = counts.Values.Where(group => group.Values.Sum() > 1).ToList();
        return telling.Count == 0 ? 1 : (double)telling.Sum(group => group.Values.Max()) / telling.Sum(group => group.Values.Sum());
    }

    /// <summary>SplitMix64 of column and value (Steele, Lea and Flood, OOPSLA 2014): the same on every machine.</summary>
    private static ulong Mix(int column, double value)
    {
        var mixed = BitConverter.DoubleToUInt64Bits(value) + (0x9E3779B97F4A7C15UL * (ulong)(column + 1));
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }
}
