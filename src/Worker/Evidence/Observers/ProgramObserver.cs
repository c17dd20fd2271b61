using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Programs that a load starts, or tries to: one that is not installed here may be elsewhere.</summary>
internal sealed class ProgramObserver : IObserver
{
    private static readonly HashSet<string> Shells =
        ["sh", "bash", "dash", "ash", "zsh", "ksh", "fish", "csh", "tcsh", "busybox", "rbash", "pwsh", "powershell", "cmd.exe"];

    public IEnumerable<Sighting> Observe(LoadWindow load)
    {
        for (var at = 0; at < load.Events.Count; at++)
        {
            var seen = load.Events[at];
            if (seen.Point is not (TracePoint.Exec or TracePoint.ExecAttempt) || IsQuestionAboutTheMachine(seen))
            {
                continue;
            }

            var command = CommandLine.Of(seen);
            yield return new Sighting(at, IndicatorCatalogue.ProgramStarted.Seen(command));
            if (Shells.Contains(CommandLine.Program(seen)))
            {
                yield return new Sighting(at, IndicatorCatalogue.ShellStarted.Seen(command));
            }

            if (seen.Point == TracePoint.Exec && seen.Process == load.Loader)
            {
                yield return new Sighting(at, IndicatorCatalogue.ProcessReplaced.Seen(command));
            }
        }
    }

    /// <summary>What <c>ctypes.util.find_library</c> and <c>platform</c> run, and nothing else with these names.</summary>
    private static bool IsQuestionAboutTheMachine(TraceEvent exec) => exec.Argv is [_, "-p"]
        && exec.Path is ("/sbin/ldconfig" or "/usr/sbin/ldconfig" or "/bin/uname" or "/usr/bin/uname");
}
