using System.Diagnostics;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Worker.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Benchmarks.Sandbox;

/// <summary>
/// What it costs to see what a file does, in one run: loaded plainly, loaded twice under <c>strace -f</c> (once for the calls, once for the counts, as the
/// paper does), scanned in a sandbox that starts cold, scanned in a restored one. Our own files only: the first two ways have no sandbox.
/// </summary>
internal static class ScanCosts
{
    private const string Python = "/usr/bin/python3";
    private const string Load = "import sys,torch; torch.load(sys.argv[1], map_location='cpu')";

    /// <summary>A state dictionary of the wanted number of MB in tensors of at most 16 MB, written as torch does, then its zeros punched out of the disk.</summary>
    private const string Write = "import sys,torch; mb=int(sys.argv[2]); torch.save({f'layers.{i}.weight': torch.zeros(min(mb,16)<<18) for i in range(max(1,mb//16))}, sys.argv[1])";

    private static readonly (string Name, int Megabytes)[] Sizes = [("10 MB", 10), ("400 MB", 400), ("4 GB (sparse)", 4096)];

    public static async Task RunAsync(int rounds, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("dynahug-scan-costs-").FullName;
        try
        {
            var blobs = new BlobFolder(Path.Combine(folder, "blobs"));
            await using var restored = await GvisorSandbox.StartAsync(new SandboxOptions { Folder = folder, WarmSandboxes = 0 }, blobs, NullLogger.Instance, TimeProvider.System, cancel);
            await using var cold = await GvisorSandbox.StartAsync(
                new SandboxOptions { Folder = folder, WarmSandboxes = 0, Mode = SandboxMode.Cold }, blobs, NullLogger.Instance, TimeProvider.System, cancel);
            Console.WriteLine($"{"file",-16}{"way",-22}{"CPU ms",10}{"wall ms",10}{"of plain",10}   (medians of {rounds})");
            foreach (var (name, megabytes) in Sizes)
            {
                var file = Path.Combine(folder, "model.bin");
                Spawn(Python, "-c", Write, file, $"{megabytes}");
                Spawn("fallocate", "--dig-holes", file);
                var request = TraceRequest.Of(await Sha256.OfFileAsync(file, cancel), file, "model.bin", StaticReader.Read(file, "model.bin", new StaticOptions(), cancel));
                await MeasureAsync(name, rounds, new()
                {
                    ["plain load"] = () => Sync(() => Spawn(Python, "-c", Load, file)),
                    ["strace -f, twice"] = () => Sync(() =>
                    {
                        Spawn("strace", "-f", "-o", "/dev/null", Python, "-c", Load, file);
                        Spawn("strace", "-f", "-c", "-o", "/dev/null", Python, "-c", Load, file);
                    }),
                    ["cold sandbox"] = () => cold.TraceAsync(request, cancel),
                    ["restored sandbox"] = () => restored.TraceAsync(request, cancel),
                });
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>All ways once a round, so that what else the machine does falls on all.</summary>
    private static async Task MeasureAsync(string file, int rounds, Dictionary<string, Func<Task>> ways)
    {
        var costs = ways.Keys.ToDictionary(way => way, _ => new List<(double Cpu, double Wall)>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (way, run) in ways)
            {
                var (cpu, wall) = (ProcessorTime.OfTree(), Stopwatch.GetTimestamp());
                await run();
                costs[way].Add((ProcessorTime.OfTree() - cpu, Stopwatch.GetElapsedTime(wall).TotalMilliseconds));
            }
        }

        var plain = Median(costs["plain load"].Select(cost => cost.Cpu));
        foreach (var (way, all) in costs)
        {
            var cpu = Median(all.Select(cost => cost.Cpu));
            Console.WriteLine(FormattableString.Invariant($"{file,-16}{way,-22}{cpu,10:0}{Median(all.Select(cost => cost.Wall)),10:0}{cpu / plain,10:0.00}"));
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static Task Sync(Action run)
    {
        run();
        return Task.CompletedTask;
    }

    private static void Spawn(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} did not start; install it");
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with code {process.ExitCode}: {errors}");
        }
    }
}
