namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>
/// Rows of the kernel matrix Q[i, k] = K(x_i, x_k) of a training set, computed when first asked for and kept, least recently used out
/// first, within a budget: the matrix of 20,000 rows would take 3.2 GB, while the solver touches some hundred rows of it.
/// </summary>
internal sealed class KernelRows
{
    private const long BudgetBytes = 256L << 20;

    private readonly IReadOnlyList<double[]> rows;
    private readonly SparsePoints points;
    private readonly Dictionary<int, LinkedListNode<(int Row, double[] Values)>> kept = [];
    private readonly LinkedList<(int Row, double[] Values)> recent = new();
    private readonly int capacity;

    public KernelRows(Kernel kernel, IReadOnlyList<double[]> rows)
    {
        this.rows = rows;
        points = new SparsePoints(kernel, rows);
        capacity = (int)Math.Clamp(BudgetBytes / (sizeof(double) * Math.Max(1L, rows.Count)), 2, int.MaxValue);
        Diagonal = [.. rows.Select(row => kernel.IsTranslationInvariant ? kernel.At(0) : kernel.Of(row, row))];
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
            points.Evaluate(rows[i], values);
            kept[i] = recent.AddFirst((i, values));
            return values;
        }
    }

    private double[] Space()
    {
        if (kept.Count < capacity)
        {
            return new double[points.Count];
        }

        var (row, values) = recent.Last!.Value;
        recent.RemoveLast();
        kept.Remove(row);
        return values;
    }
}
