using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using DynaHug.Coordinator.Learning.Svm;

namespace DynaHug.Benchmarks;

/// <summary>
/// Our one-class SVM beside scikit-learn's on the same rows in the same run: presence and frequency of 360 calls (720 columns) as loads have them, most constant, a
/// few varying, RBF gamma 0.1, nu 0.01, tolerance 1e-3. scikit-learn runs as a process of its own and measures itself, rows in memory, so that
/// neither start nor reading counts against it; each benchmark waits as long as the inner measurement took and prints its median.
/// </summary>
[SimpleJob(RunStrategy.Monitoring, warmupCount: 1, iterationCount: 5)]
public class Learning
{
    private const int Columns = 720;
    private const int PredictedRows = 20_000;

    private const string Program = """
        import sys, time, numpy
        from sklearn.svm import OneClassSVM
        rows = numpy.fromfile(sys.argv[1], dtype=numpy.float64).reshape(-1, 720)
        fitted_on = rows[:int(sys.argv[2])]
        times = []
        for _ in range(3):
            begun = time.perf_counter()
            model = OneClassSVM(kernel="rbf", gamma=0.1, nu=0.01, tol=1e-3).fit(fitted_on)
            times.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        values = model.decision_function(rows)
        print(sorted(times)[1], time.perf_counter() - begun, float(values.sum()))
        """;

    private string file = "";
    private double[][] rows = [];
    private OneClassModel model = null!;

    [Params(2000, 20_000)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void MakeRows()
    {
        var random = new Random(1);
        var usual = Enumerable.Range(0, Columns).Select(column => column < 30 ? random.Next(1, 60) : 0.0).ToArray();
        rows = [.. Enumerable.Range(0, PredictedRows).Select(_ => Enumerable.Range(0, Columns).Select(column =>
            column < 6 ? usual[column] + (random.NextDouble() * 3) : random.NextDouble() < 0.002 ? usual[column] + random.Next(1, 4) : usual[column]).ToArray())];
        file = Path.Combine(Path.GetTempPath(), $"dynahug-rows-{Guid.NewGuid():n}");
        using var written = new BinaryWriter(File.Create(file));
        foreach (var value in rows.SelectMany(row => row))
        {
            written.Write(value);
        }

        model = FitOurs();
    }

    [GlobalCleanup]
    public void DeleteRows() => File.Delete(file);

    [Benchmark(Baseline = true, Description = "scikit-learn: three fits, one batch predict (prints each)")]
    public string ScikitLearn()
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Program, file, Rows.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        using var python = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start; install python3-sklearn");
        var printed = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Console.WriteLine($"// scikit-learn n={Rows}: fit s, predict {PredictedRows} s, sum of values: {printed.Trim()}");
        return printed;
    }

    [Benchmark(Description = "fit")]
    public OneClassModel Fit() => FitOurs();

    [Benchmark(Description = "batch predict of 20,000 rows")]
    public double Predict() => model.DecideAll(rows).Sum();

    private OneClassModel FitOurs() => OneClassSolver.Solve(
        rows[..Rows], new OneClassSvmOptions { Nu = 0.01, Kernel = new Kernel(KernelKind.Rbf, 0.1), Tolerance = 1e-3 });
}
