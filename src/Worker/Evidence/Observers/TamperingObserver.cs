using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Hands laid on other processes, on the process's own name, and on the analysis itself.</summary>
internal sealed class TamperingObserver : IObserver
{
    private const ulong SetName = 15;
    private const long WriteAccess = 3;
    private const string LoaderFolder = "/app";

    private static readonly int ProcessControl = LoadWindow.Number("prctl");
    private static readonly int[] Reaching = [.. new[] { "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd" }.Select(LoadWindow.Number)];

    public IEnumerable<Sighting> Observe(LoadWindow load)
    {
        for (var at = 0; at < load.Events.Count; at++)
        {
            var seen = load.Events[at];
            if (Seen(load, at, seen) is { } indicator)
            {
                yield return new Sighting(at, indicator);
            }
        }

        if (load.Report is null && load.Run.LoaderReport is not null)
        {
            yield return new Sighting(load.Events.Count, IndicatorCatalogue.TracerTampering.Seen("a report that is none"));
        }
    }

    private static Indicator? Seen(LoadWindow load, int at, TraceEvent seen) => seen.Point switch
    {
        TracePoint.Syscall when Array.IndexOf(Reaching, seen.Number) >= 0 => IndicatorCatalogue.ProcessTampering.Seen(Syscalls.NameOf(seen.Number)),
        TracePoint.Syscall when seen.Number == ProcessControl && LoadWindow.Argument(seen, 0) == SetName && !load.RunsProgram(seen.Process) =>
            IndicatorCatalogue.ProcessRenamed.Seen("prctl(PR_SET_NAME)"),
        TracePoint.Syscall when LoadWindow.IsMarker(seen, LoadMarkers.Start) => IndicatorCatalogue.TracerTampering.Seen("a second start marker"),
        TracePoint.Syscall when LoadWindow.IsMarker(seen, LoadMarkers.End) && at != load.EndMarker =>
            IndicatorCatalogue.TracerTampering.Seen("an end marker that is not the loader's, or one too many"),
        TracePoint.Open => Opened(TracedPath.Normalise(seen.Path), seen),
        _ => null,
    };

    private static Indicator? Opened(string path, TraceEvent seen)
    {
        if (path == LoaderFolder || path.StartsWith(LoaderFolder + "/", StringComparison.Ordinal))
        {
            return IndicatorCatalogue.TracerTampering.Seen(seen.Path);
        }

        if (!path.StartsWith("/proc/", StringComparison.Ordinal))
        {
            return null;
        }

        return path.EndsWith("/mem", StringComparison.Ordinal) ? IndicatorCatalogue.ProcessTampering.Seen(seen.Path)
            : path.EndsWith("/comm", StringComparison.Ordinal) && (seen.Status & WriteAccess) != 0 ? IndicatorCatalogue.ProcessRenamed.Seen(seen.Path)
            : null;
    }
}
