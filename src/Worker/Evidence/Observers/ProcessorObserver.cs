using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Processors claimed or burned, as miners do.</summary>
internal sealed class ProcessorObserver : IObserver
{
    /// <summary>Seconds that any load may take, on a busy machine, and bytes that it reads in each further one (xz on a slow core).</summary>
    private const double FreeSeconds = 8;
    private const double BytesPerSecond = 4 << 20;

    private static readonly int[] Claims =
        [.. new[] { "sched_setaffinity", "setpriority", "sched_setscheduler", "sched_setparam", "sched_setattr", "ioprio_set" }.Select(LoadWindow.Number)];

    public IEnumerable<Sighting> Observe(LoadWindow load)
    {
        foreach (var (at, call) in load.Calls(Claims))
        {
            yield return new Sighting(at, IndicatorCatalogue.ProcessorClaimed.Seen(Syscalls.NameOf(call.Number)));
        }

        if (load.Report is { } report && report.ProcessorSeconds > FreeSeconds + (report.Bytes / BytesPerSecond))
        {
            yield return new Sighting(load.Events.Count, IndicatorCatalogue.ProcessorBurned.Seen($"{report.ProcessorSeconds:0.0} s for {report.Bytes} bytes"));
        }
    }
}
