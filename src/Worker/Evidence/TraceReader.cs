using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Evidence.Observers;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>Makes facts of a sandbox run. Pure: a stored run read again, by this version or a later one, needs no sandbox.</summary>
public static class TraceReader
{
    private const int MostIndicators = 128;
    private const int MostPerId = 16;
    private const int MostProcesses = 256;

    private static readonly IObserver[] Observers =
    [
        new ProgramObserver(), new ForkObserver(), new NetworkObserver(), new SecretObserver(), new LeakObserver(), new WriteObserver(),
        new DeletionObserver(), new MemoryObserver(), new TamperingObserver(), new PrivilegeObserver(), new ProcessorObserver(),
        new ProbingObserver(), new DelayObserver(), new UnknownCallableObserver(), new NamedCallableObserver(), new EndingObserver(),
    ];

    public static TraceSummary Summarise(RunRecord run)
    {
        var load = new LoadWindow(run);
        var complete = IsComplete(load);
        var (outcome, reason) = Conclusion.Of(load, complete);
        return new TraceSummary(
            run.Environment,
            outcome,
            Printable.Of(reason),
            complete,
            load.Counts(),
            IndicatorsOf(load),
            ProcessesOf(load),
            run.StandardOutput,
            run.StandardError,
            run.Seconds);
    }

    private static bool IsComplete(LoadWindow load) =>
        load.Run is { Dropped: 0, EndOfStream: true, End: RunEnd.Exited } && load.Started && load.AllTasksEnded();

    private static List<Indicator> IndicatorsOf(LoadWindow load)
    {
        if (!load.Started)
        {
            return [];
        }

        return [.. Observers
            .SelectMany(observer => observer.Observe(load))
            .OrderBy(sighting => sighting.At)
            .Select(sighting => sighting.Indicator)
            .Distinct()
            .GroupBy(indicator => indicator.Id)
            .SelectMany(sameId => sameId.Take(MostPerId))
            .Take(MostIndicators)];
    }

    private static List<TracedProcess> ProcessesOf(LoadWindow load)
    {
        var processes = new Dictionary<int, TracedProcess>();
        if (load.Started)
        {
            processes[load.Loader] = new TracedProcess(load.Loader, 0, "");
        }

        foreach (var seen in load.Events)
        {
            if (seen.Point == TracePoint.Clone && seen.CreatedProcess != seen.Process && processes.Count < MostProcesses)
            {
                processes.TryAdd(seen.CreatedProcess, new TracedProcess(seen.CreatedProcess, seen.Process, ""));
            }
            else if (seen.Point == TracePoint.Exec && processes.TryGetValue(seen.Process, out var known))
            {
                processes[seen.Process] = known with { Command = Printable.Of(CommandLine.Of(seen)) };
            }
        }

        return [.. processes.Values];
    }
}
