using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>Programs started, shells, forks, the loader replaced by another program.</summary>
internal sealed class ProgramObserver : IObserver
{
    private const int ForkStormProcesses = 20;

    private static readonly HashSet<string> Shells = ["sh", "bash", "dash", "zsh", "ksh", "ash", "busybox", "fish", "csh", "tcsh"];

    public IEnumerable<Indicator> Observe(RunRecord run, LoadWindow window, LoaderReport? report)
    {
        var executed = new HashSet<int>();
        foreach (var point in window.Events.Where(point => point.Point is TracePoint.ExecAttempt or TracePoint.Exec))
        {
            executed.Add(point.Process);
            if (AsksAboutTheMachine(point))
            {
                continue;
            }

            var command = ProcessTree.CommandOf(point);
            var name = Path.GetFileName(point.Path.Length > 0 || point.Argv is not [var first, ..] ? point.Path : first);
            yield return (Shells.Contains(name) ? IndicatorCatalogue.ShellStarted : IndicatorCatalogue.ProgramStarted).Seen(command);
            if (point.Point == TracePoint.Exec && point.Process == window.Loader)
            {
                yield return IndicatorCatalogue.ProcessReplaced.Seen(command);
            }
        }

        var children = window.Events.Where(point => point.Point == TracePoint.Clone && point.CreatedProcess != point.Process).ToList();
        if (children.Count > ForkStormProcesses)
        {
            yield return IndicatorCatalogue.ForkStorm.Seen($"{children.Count} processes");
        }
        else if (children.Count(child => !executed.Contains(child.CreatedProcess)) is > 0 and var forks)
        {
            yield return IndicatorCatalogue.ProcessForked.Seen($"{forks} processes without a program of their own");
        }
    }

    /// <summary>The questions that ctypes and platform ask: <c>ldconfig -p</c> and <c>uname -p</c>.</summary>
    private static bool AsksAboutTheMachine(TraceEvent exec) =>
        exec.Argv is [var program, "-p"] && Path.GetFileName(program) is "ldconfig" or "uname" && Path.GetFileName(exec.Path) is "ldconfig" or "uname";
}
