using System.Diagnostics;
using System.Globalization;
using DynaHug.Coordinator.Learning.Svm;

namespace DynaHug.Benchmarks;

/// <summary>
/// Our one-class SVM beside scikit-learn's on the same rows in the same run: <c>Benchmarks learning</c>. Rows are presence and frequency of 360 calls (720 columns) as loads
/// have them, most constant, six varying freely, odd counts here and there; RBF gamma 0.1, nu 0.01, tolerance 1e-3. scikit-learn is a process of its own that measures
/// itself, rows in memory, so that neither start nor reading counts against it. Both take turns; processor time, so that what else the machine does counts against neither.
/// </summary>
internal static class LearningMeasures
{
    private const int Columns = 720;
    private const int PredictedRows = 20_000;
    private const int Rounds = 3;

    private const string Program = """
        import sys, time, numpy
        from sklearn.svm import OneClassSVM
        rows = numpy.fromfile(sys.argv[1], dtype=numpy.float64).reshape(-1, 720)
        begun = time.process_time()
        model = OneClassSVM(kernel="rbf", gamma=0.1, nu=0.01, tol=1e-3).fit(rows[:int(sys.argv[2])])
        fitted = time.process_time()
        values = model.decision_function(rows)
        print(fitted - begun, time.process_time() - fitted, float(values.sum()))
        """;

    public static async Task RunAsync()
    {
        var rows = MakeRows();
        var file = Path.GetTempFileName();
        try
        {
            await WriteAsync(file, rows);
            foreach (var count in new[] { 2_000, 20_000 })
            {
                var theirs = new List<Measure>();
                var ours = new List<Measure>();
                Ours(rows, count); // compiles
                for (var round = 0; round < Rounds; round++)
                {
                    theirs.Add(await TheirsAsync(file, count));
                    ours.Add(Ours(rows, count));
                }

                Print($"fit {count:N0} rows", ours, theirs, measure => measure.Fit);
                Print($"predict {PredictedRows:N0} rows by it", ours, theirs, measure => measure.Predict);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  sums of the decision values: {ours[0].Sum:0.000} and {theirs[0].Sum:0.000}"));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Print(string what, IReadOnlyList<Measure> ours, IReadOnlyList<Measure> theirs, Func<Measure, double> seconds)
    {
        var (own, other) = (ours.Select(seconds).Order().ElementAt(Rounds / 2), theirs.Select(seconds).Order().ElementAt(Rounds / 2));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {own:0.000} s, scikit-learn {other:0.000} s, ratio {own / other:0.000}"));
    }

    private static Measure Ours(double[][] rows, int count)
    {
        var begun = ProcessorTime();
        var model = OneClassSolver.Solve(rows[..count], new OneClassSvmOptions { Nu = 0.01, Kernel = new Kernel(KernelKind.Rbf, 0.1), Tolerance = 1e-3 });
        var fitted = ProcessorTime();
        var sum = model.DecideAll(rows).Sum();
        return new Measure((fitted - begun).TotalSeconds, (ProcessorTime() - fitted).TotalSeconds, sum);
    }

    private static async Task<Measure> TheirsAsync(string file, int count)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Program, file, count.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        using var python = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start; install python3-sklearn");
        var printed = (await python.StandardOutput.ReadToEndAsync()).Split(' ');
        await python.WaitForExitAsync();
        return printed.Length == 3
            ? new Measure(Number(printed[0]), Number(printed[1]), Number(printed[2]))
            : throw new InvalidOperationException("scikit-learn measured nothing; install python3-sklearn");

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static double[][] MakeRows()
    {
        var random = new Random(1);
        var usual = Enumerable.Range(0, Columns).Select(column => column < 30 ? random.Next(1, 60) : 0.0).ToArray();
        return [.. Enumerable.Range(0, PredictedRows).Select(_ => Enumerable.Range(0, Columns).Select(column =>
            column < 6 ? usual[column] + (random.NextDouble() * 3) : random.NextDouble() < 0.002 ? usual[column] + random.Next(1, 4) : usual[column]).ToArray())];
    }

    private static async Task WriteAsync(string file, double[][] rows)
    {
        await using var written = File.Create(file);
        foreach (var row in rows)
        {
            await written.WriteAsync(row.SelectMany(BitConverter.GetBytes).ToArray());
        }
    }

    private static TimeSpan ProcessorTime()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    private sealed record Measure(double Fit, double Predict, double Sum);
}
