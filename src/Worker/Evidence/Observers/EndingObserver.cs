using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Ways in which a load ends, or fails to, other than by finishing or raising an error.</summary>
internal sealed class EndingObserver : IObserver
{
    private const int SignalMask = 0x7f;
    private static readonly int[] CrashSignals = [4, 5, 6, 7, 8, 11, 31]; // ILL, TRAP, ABRT, BUS, FPE, SEGV, SYS
    private static readonly string[] Exits = ["SystemExit", "KeyboardInterrupt", "GeneratorExit"];

    private static readonly int Kill = LoadWindow.Number("kill");
    private static readonly int Tkill = LoadWindow.Number("tkill");
    private static readonly int Tgkill = LoadWindow.Number("tgkill");
    private static readonly int[] Reads = [.. new[] { "read", "readv", "pread64", "preadv" }.Select(LoadWindow.Number)];

    public IEnumerable<Sighting> Observe(LoadWindow load) => [.. Signals(load), .. Input(load), .. Ends(load)];

    private static IEnumerable<Sighting> Signals(LoadWindow load)
    {
        foreach (var (at, call) in load.Calls(Kill, Tkill, Tgkill))
        {
            var target = (int)LoadWindow.Argument(call, 0);
            var signal = (int)LoadWindow.Argument(call, call.Number == Tgkill ? 2 : 1);
            if (signal > 0 && !CrashSignals.Contains(signal) && (target == load.Loader || (call.Number == Kill && target is (0 or -1))))
            {
                yield return new Sighting(at, IndicatorCatalogue.LoaderKilled.Seen($"{Syscalls.NameOf(call.Number)} with signal {signal}"));
            }
        }
    }

    private static IEnumerable<Sighting> Input(LoadWindow load)
    {
        foreach (var (at, call) in load.Calls(Reads))
        {
            if (LoadWindow.Argument(call, 0) == 0 && !load.RunsProgram(call.Process))
            {
                yield return new Sighting(at, IndicatorCatalogue.WaitsForInput.Seen("read from standard input"));
            }
        }

        foreach (var (at, seen) in load.Points(TracePoint.Open))
        {
            if (TracedPath.Normalise(seen.Path) is "/dev/tty" or "/dev/console" or "/dev/ptmx" or "/dev/stdin")
            {
                yield return new Sighting(at, IndicatorCatalogue.WaitsForInput.Seen(seen.Path));
            }
        }
    }

    private static IEnumerable<Sighting> Ends(LoadWindow load)
    {
        var end = load.Events.Count;
        switch (load.Run.End)
        {
            case RunEnd.TimedOut:
                yield return new Sighting(end, IndicatorCatalogue.LoadHung.Seen($"still running after {load.Run.Seconds:0.#} s"));
                yield break;
            case RunEnd.EventBudget:
                yield return new Sighting(end, IndicatorCatalogue.TracerFlooded.Seen($"{load.Run.Events.Count} events"));
                yield break;
            case RunEnd.OutputBudget:
                yield return new Sighting(end, IndicatorCatalogue.TracerFlooded.Seen("more output than any load"));
                yield break;
            case RunEnd.OutOfMemory:
                yield break;
        }

        if (CrashOf(load) is { } signal)
        {
            yield return new Sighting(end, IndicatorCatalogue.LoaderCrashed.Seen($"signal {signal}"));
        }
        else if (load.Run.LoaderReport is null && load.Run.Dropped == 0 && !load.RunsProgram(load.Loader))
        {
            yield return new Sighting(end, IndicatorCatalogue.LoaderKilled.Seen($"ended without a report, exit code {load.Run.ExitCode?.ToString() ?? "unknown"}"));
        }
        else if (load.Report is { } report)
        {
            foreach (var exit in Exits.Where(exit => report.ErrorType == exit || report.Attempts.Any(attempt => attempt.Error.StartsWith(exit, StringComparison.Ordinal))))
            {
                yield return new Sighting(end, IndicatorCatalogue.LoaderKilled.Seen($"raised {exit}"));
            }

            if (report.Outcome == LoaderReport.Loaded && load.Run.ExitCode is not (0 or null))
            {
                yield return new Sighting(end, IndicatorCatalogue.LoaderKilled.Seen($"ended after the report with exit code {load.Run.ExitCode}"));
            }
        }
    }

    /// <summary>The signal that crashed the loader: from its exit, or as shells report it.</summary>
    private static int? CrashOf(LoadWindow load)
    {
        var exits = load.Points(TracePoint.ExitNotifyParent).Concat(load.Points(TracePoint.TaskExit))
            .Where(pair => pair.Event.Process == load.Loader)
            .Select(pair => (int)(pair.Event.Status & SignalMask));
        var ofCode = load.Run.ExitCode is > 128 and < 192 ? load.Run.ExitCode.Value - 128 : 0;
        return exits.Append(ofCode).Where(signal => CrashSignals.Contains(signal)).Select(signal => (int?)signal).FirstOrDefault();
    }
}
