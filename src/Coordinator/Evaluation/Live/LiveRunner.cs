using DynaHug.Coordinator.Hosting;
using DynaHug.Shared.Artifacts;
using DynaHug.Worker.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Evaluation.Live;

/// <param name="Folder">Keeps recorded loads, and gets the report.</param>
/// <param name="Benign">Benign loads to have.</param>
/// <param name="Injected">Files with a payload to have.</param>
/// <param name="Slots">Sandboxes at a time; with 0 nothing is loaded and what was recorded is studied.</param>
internal sealed record LiveOptions(string Folder, int Benign, int Injected, int Slots);

/// <summary><c>dynahug evaluate --live</c>: records what is missing, studies it, writes the report.</summary>
internal static class LiveRunner
{
    /// <returns>The exit code, 0.</returns>
    /// <exception cref="UsageException">Too little was recorded.</exception>
    public static async Task<int> RunAsync(LiveOptions options, TextWriter output, Action<string> report, CancellationToken cancel)
    {
        var folder = Path.GetFullPath(options.Folder);
        Directory.CreateDirectory(folder);
        var store = new LiveStore(Path.Combine(folder, "loads.jsonl"));
        if (options.Slots > 0)
        {
            await RecordAsync(options, folder, store, report, cancel);
        }

        var loads = Newest(store.Loads);
        if (loads.Count(load => load is { IsBenign: true, Group: 1 }) < LeastTraining || loads.All(load => load.Group == 1))
        {
            throw new UsageException($"'{folder}' holds {loads.Count} recorded loads, too few to fit on one sample hub and judge another; record more with --benign and --slots");
        }

        var study = new LiveStudy(loads, cancel);
        await Task.Run(() => study.Run(report), cancel);
        LiveReport.Write(folder, study, loads);
        await output.WriteLineAsync(await File.ReadAllTextAsync(Path.Combine(folder, "report.md"), cancel));
        return 0;
    }

    private const int LeastTraining = 25;

    private static async Task RecordAsync(LiveOptions options, string folder, LiveStore store, Action<string> report, CancellationToken cancel)
    {
        var sandboxOptions = new SandboxOptions { Folder = Path.Combine(folder, "sandbox") };
        await GvisorSandbox.RequireAsync(sandboxOptions, cancel);
        var blobs = new BlobFolder(Path.Combine(folder, "blobs"));
        await using var sandbox = await GvisorSandbox.StartAsync(sandboxOptions, blobs, NullLogger.Instance, TimeProvider.System, cancel);
        await new LiveRecorder(sandbox, blobs, store, folder, options.Slots, report).RecordAsync(options.Benign, options.Injected, cancel);
    }

    /// <summary>Loads of the environment that was recorded last: two do not compare.</summary>
    private static List<LiveLoad> Newest(IReadOnlyList<LiveLoad> loads) => [.. loads.Where(load => load.Environment == loads[^1].Environment)];
}
