using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Work left for later: seen outside as tasks that outlive the load, sleeps and timers in it; told inside as delays cut short.</summary>
internal sealed class DelayObserver : IObserver
{
    private static readonly int[] Sleeps = [LoadWindow.Number("nanosleep"), LoadWindow.Number("clock_nanosleep"), LoadWindow.Number("pause")];
    private static readonly int Alarm = LoadWindow.Number("alarm");
    private static readonly int[] Timers = [.. new[] { "setitimer", "timer_create", "timerfd_settime" }.Select(LoadWindow.Number)];

    public IEnumerable<Sighting> Observe(LoadWindow load)
    {
        foreach (var (at, call) in load.Calls([.. Sleeps, .. Timers, Alarm]))
        {
            if (at < load.EndMarker && !load.RunsProgram(call.Process) && (call.Number != Alarm || LoadWindow.Argument(call, 0) != 0))
            {
                yield return new Sighting(at, IndicatorCatalogue.DelayedWork.Seen($"{Syscalls.NameOf(call.Number)} while loading"));
            }
        }

        foreach (var sighting in Outliving(load))
        {
            yield return sighting;
        }

        foreach (var delay in load.Report?.Delays ?? [])
        {
            yield return new Sighting(load.Events.Count, IndicatorCatalogue.DelayedWork.Seen(delay));
        }

        if (load.Report is { Alive.Length: > 0 } report)
        {
            yield return new Sighting(load.Events.Count, IndicatorCatalogue.DelayedWork.Seen($"alive after the load: {report.Alive}"));
        }
    }

    private static IEnumerable<Sighting> Outliving(LoadWindow load)
    {
        if (load.EndMarker == load.Events.Count)
        {
            yield break; // the load itself did not end
        }

        var exited = load.Points(TracePoint.TaskExit).Where(pair => pair.At < load.EndMarker).Select(pair => pair.Event.Thread).ToHashSet();
        foreach (var (at, seen) in load.Points(TracePoint.Clone))
        {
            if (!exited.Contains(seen.Created) && !load.RunsProgram(seen.Process))
            {
                var kind = seen.CreatedProcess == seen.Process ? "thread" : "process";
                yield return new Sighting(at, IndicatorCatalogue.DelayedWork.Seen($"a {kind} made {(at < load.EndMarker ? "while" : "after")} loading outlived the load"));
            }
        }
    }
}
