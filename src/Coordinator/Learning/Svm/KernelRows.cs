namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>
/// Rows of the kernel matrix Q[i, k] = K(x_i, x_k) of a training set, computed when first asked for and kept, least recently used out
/// first, within a budget: the matrix of 20,000 rows would take 3.2 GB, while the solver touches some hundred rows of it.
/// </summary>
internal sealed class KernelRows
{
    private const long BudgetBytes = 256L << 20;

    private readonly Kernel kernel;
    private readonly double[][] points;
    private readonly Dictionary<int, LinkedListNode<(int Row, double[] Values)>> kept = [];
    private readonly LinkedList<(int Row, double[] Values)> recent = new();
    private readonly int capacity;

    public KernelRows(Kernel kernel, IReadOnlyList<double[]> rows)
    {
        this.kernel = kernel;
        points = Narrowed(kernel, rows);
        capacity = (int)Math.Clamp(BudgetBytes / (sizeof(double) * Math.Max(1L, rows.Count)), 2, int.MaxValue);
        Diagonal = [.. points.Select(point => kernel.Of(point, point))];
    }

    /// <summary>K(x_i, x_i).</summary>
    public double[] Diagonal { get; }

    /// <summary>Row i; valid until two other rows were asked for.</summary>
    public double[] this[int i]
    {
        get
        {
            if (kept.TryGetValue(i, out var node))
            {
                recent.Remove(node);
                recent.AddFirst(node);
                return node.Value.Values;
            }

            var values = Space();
            var point = points[i];
            for (var k = 0; k < points.Length; k++)
            {
                values[k] = kernel.Of(point, points[k]);
            }

            kept[i] = recent.AddFirst((i, values));
            return values;
        }
    }

    private double[] Space()
    {
        if (kept.Count < capacity)
        {
            return new double[points.Length];
        }

        var (row, values) = recent.Last!.Value;
        recent.RemoveLast();
        kept.Remove(row);
        return values;
    }

    /// <summary>Without the columns that cannot change K between training rows: constant ones (RBF), zero ones (the others). Most system calls never happen.</summary>
    private static double[][] Narrowed(Kernel kernel, IReadOnlyList<double[]> rows)
    {
        var first = rows[0];
        var telling = Enumerable.Range(0, first.Length)
            .Where(column => rows.Any(row => row[column] != (kernel.IsTranslationInvariant ? first[column] : 0)))
            .ToArray();
        return [.. rows.Select(row => Array.ConvertAll(telling, column => row[column]))];
    }
}
