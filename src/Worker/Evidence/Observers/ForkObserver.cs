using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Processes made by the load. One that only starts a program is told by <see cref="ProgramObserver"/>.</summary>
internal sealed class ForkObserver : IObserver
{
    /// <summary>Attempts, as a limit on processes makes most of a storm fail. Starting the few programs of a script stays below it.</summary>
    private const int Storm = 32;

    private const ulong CloneThread = 0x10000;

    private static readonly int Clone = LoadWindow.Number("clone");
    private static readonly int[] Forks = [Clone, LoadWindow.Number("fork"), LoadWindow.Number("vfork")];

    public IEnumerable<Sighting> Observe(LoadWindow load)
    {
        foreach (var (at, seen) in load.Points(TracePoint.Clone))
        {
            if (seen.CreatedProcess != seen.Process && !StartsProgram(load, at, seen.CreatedProcess))
            {
                yield return new Sighting(at, IndicatorCatalogue.ProcessForked.Seen($"process {seen.Process} forked process {seen.CreatedProcess}"));
            }
        }

        var attempts = load.Calls(Forks).Where(pair => pair.Call.Number != Clone || (LoadWindow.Argument(pair.Call, 0) & CloneThread) == 0).ToList();
        if (attempts.Count >= Storm)
        {
            yield return new Sighting(attempts[Storm - 1].At, IndicatorCatalogue.ForkStorm.Seen($"{attempts.Count} attempts to make a process"));
        }
    }

    private static bool StartsProgram(LoadWindow load, int after, int process) => load.Events
        .Skip(after)
        .Any(seen => seen.Process == process && seen.Point is (TracePoint.Exec or TracePoint.ExecAttempt));
}
