namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>
/// Fits the one-class SVM of Schölkopf et al., "Estimating the Support of a High-Dimensional Distribution" (Neural Computation 13, 2001),
/// in libsvm's scaling of the dual:
/// <code>
///   minimise   ½ αᵀ Q α          Q[i, k] = K(x_i, x_k)
///   subject to 0 ≤ α_i ≤ w_i     w_i: how many training rows the point x_i stands for (1 in libsvm)
///              Σ α_i = nu · Σ w_i
/// </code>
/// and f(x) = Σ α_i K(x_i, x) − rho, negative outside. One point of weight w has the same optimum as w equal rows, which makes training
/// sets of mostly identical loads small.
/// <para>
/// The method is sequential minimal optimisation with the working set chosen by second-order information: Fan, Chen and Lin, "Working
/// Set Selection Using Second Order Information for Training SVM" (JMLR 6, 2005), algorithm WSS 3, as in libsvm (Chang and Lin, ACM TIST
/// 2, 2011, section 4). No shrinking: at the sizes met here the gradient is cheaper than keeping the active set.
/// </para>
/// </summary>
public static class OneClassSolver
{
    /// <summary>libsvm's TAU: stands in for a curvature that rounding or an indefinite kernel (sigmoid) made non-positive.</summary>
    private const double LeastCurvature = 1e-12;

    /// <param name="rows">Training points, all of one length.</param>
    /// <param name="weights">How many training rows each point stands for; null for one each.</param>
    /// <exception cref="ArgumentException">No rows, rows of different lengths, a value that is not finite, or weights that do not fit.</exception>
    /// <exception cref="InvalidOperationException">The iterations ran out before the tolerance was reached.</exception>
    public static OneClassModel Solve(
        IReadOnlyList<double[]> rows, OneClassSvmOptions options, IReadOnlyList<double>? weights = null, CancellationToken cancel = default)
    {
        Check(rows, weights);
        var q = new KernelRows(options.Kernel, rows);
        var bound = Enumerable.Range(0, rows.Count).Select(i => weights?[i] ?? 1).ToArray();
        var alpha = Start(bound, options.Nu);
        var gradient = Gradient(q, alpha);
        for (var iteration = 0; iteration < options.MaximumIterations; iteration++)
        {
            cancel.ThrowIfCancellationRequested();
            if (SelectWorkingSet(q, alpha, bound, gradient, options.Tolerance) is not var (i, j))
            {
                return Model(rows, options, alpha, Rho(alpha, bound, gradient));
            }

            MovePair(q, i, j, alpha, bound, gradient);
        }

        throw new InvalidOperationException(
            $"the one-class solver did not reach tolerance {options.Tolerance:g2} in {options.MaximumIterations} iterations: raise the tolerance or scale the rows");
    }

    /// <summary>A feasible start: the first points full, one in part, so that Σ α = nu·Σ w. As in libsvm, whose path decides which of several equal optima is found.</summary>
    private static double[] Start(double[] bound, double nu)
    {
        var left = nu * bound.Sum();
        var alpha = new double[bound.Length];
        for (var i = 0; i < alpha.Length && left > 0; i++)
        {
            alpha[i] = Math.Min(bound[i], left);
            left -= alpha[i];
        }

        return alpha;
    }

    private static double[] Gradient(KernelRows q, double[] alpha)
    {
        var gradient = new double[alpha.Length];
        for (var i = 0; i < alpha.Length; i++)
        {
            if (alpha[i] > 0)
            {
                Add(gradient, q[i], alpha[i]);
            }
        }

        return gradient;
    }

    /// <summary>
    /// i may grow and has the steepest descent; j may shrink and gives, with i, the largest decrease by the quadratic model. Null when no
    /// pair violates the optimality conditions by the tolerance.
    /// </summary>
    private static (int I, int J)? SelectWorkingSet(KernelRows q, double[] alpha, double[] bound, double[] gradient, double tolerance)
    {
        var i = -1;
        for (var k = 0; k < alpha.Length; k++)
        {
            if (alpha[k] < bound[k] && (i < 0 || gradient[k] <= gradient[i]))
            {
                i = k;
            }
        }

        if (i < 0)
        {
            return null;
        }

        var row = q[i];
        var j = -1;
        var best = double.PositiveInfinity;
        var steepest = double.NegativeInfinity;
        for (var k = 0; k < alpha.Length; k++)
        {
            if (alpha[k] <= 0)
            {
                continue;
            }

            steepest = Math.Max(steepest, gradient[k]);
            var violation = gradient[k] - gradient[i];
            if (violation <= 0)
            {
                continue;
            }

            var decrease = -(violation * violation) / Curvature(q.Diagonal[i], q.Diagonal[k], row[k]);
            if (decrease <= best)
            {
                (j, best) = (k, decrease);
            }
        }

        return j < 0 || steepest - gradient[i] < tolerance ? null : (i, j);
    }

    /// <summary>Moves weight from j to i along the constraint, to the minimum or to the nearer bound.</summary>
    private static void MovePair(KernelRows q, int i, int j, double[] alpha, double[] bound, double[] gradient)
    {
        var rowI = q[i];
        var rowJ = q[j];
        var step = (gradient[j] - gradient[i]) / Curvature(q.Diagonal[i], q.Diagonal[j], rowI[j]);
        var room = bound[i] - alpha[i];
        if (step >= room || step >= alpha[j])
        {
            step = Math.Min(room, alpha[j]);
        }

        alpha[i] = step >= room ? bound[i] : alpha[i] + step;
        alpha[j] = step >= alpha[j] ? 0 : alpha[j] - step;
        Add(gradient, rowI, step);
        Add(gradient, rowJ, -step);
    }

    private static double Curvature(double ii, double jj, double ij)
    {
        var curvature = ii + jj - (2 * ij);
        return curvature > 0 ? curvature : LeastCurvature;
    }

    /// <summary>At the optimum the gradient of every free point is rho; without a free point rho lies between what the bound ones allow.</summary>
    private static double Rho(double[] alpha, double[] bound, double[] gradient)
    {
        var (free, sum) = (0, 0.0);
        var (lower, upper) = (double.NegativeInfinity, double.PositiveInfinity);
        for (var i = 0; i < alpha.Length; i++)
        {
            if (alpha[i] >= bound[i])
            {
                lower = Math.Max(lower, gradient[i]);
            }
            else if (alpha[i] <= 0)
            {
                upper = Math.Min(upper, gradient[i]);
            }
            else
            {
                (free, sum) = (free + 1, sum + gradient[i]);
            }
        }

        return free > 0 ? sum / free
            : double.IsInfinity(upper) ? lower
            : double.IsInfinity(lower) ? upper
            : (upper + lower) / 2;
    }

    private static OneClassModel Model(IReadOnlyList<double[]> rows, OneClassSvmOptions options, double[] alpha, double rho)
    {
        var support = Enumerable.Range(0, alpha.Length).Where(i => alpha[i] > 0).ToArray();
        return new OneClassModel(options.Kernel, [.. support.Select(i => rows[i])], [.. support.Select(i => alpha[i])], rho);
    }

    private static void Add(double[] gradient, double[] row, double factor)
    {
        for (var k = 0; k < gradient.Length; k++)
        {
            gradient[k] += factor * row[k];
        }
    }

    private static void Check(IReadOnlyList<double[]> rows, IReadOnlyList<double>? weights)
    {
        if (rows.Count == 0)
        {
            throw new ArgumentException("a one-class SVM needs rows, and there are none: give it benign loads", nameof(rows));
        }

        if (rows.Count == 1 && !(weights is [> 1]))
        {
            throw new ArgumentException("a one-class SVM cannot learn from a single row: give it at least two benign loads", nameof(rows));
        }

        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length != rows[0].Length)
            {
                throw new ArgumentException($"row {i} has {rows[i].Length} values, row 0 has {rows[0].Length}: use one feature schema for all", nameof(rows));
            }

            var bad = Array.FindIndex(rows[i], value => !double.IsFinite(value));
            if (bad >= 0)
            {
                throw new ArgumentException($"row {i} holds {rows[i][bad]} in column {bad}: leave the row out", nameof(rows));
            }
        }

        if (weights is not null && (weights.Count != rows.Count || weights.Any(weight => !(weight > 0) || double.IsInfinity(weight))))
        {
            throw new ArgumentException($"{rows.Count} rows need as many positive weights", nameof(weights));
        }
    }
}
