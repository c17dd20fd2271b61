using DynaHug.Shared;
using DynaHug.Shared.Tracing;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>Which process made which, and what each executed last.</summary>
internal static class ProcessTree
{
    private const int MaxProcesses = 256;

    public static IReadOnlyList<TracedProcess> Of(LoadWindow window)
    {
        var processes = new Dictionary<int, TracedProcess> { [window.Loader] = new(window.Loader, 0, "") };
        foreach (var point in window.Events)
        {
            if (point.Point == TracePoint.Clone && point.CreatedProcess != point.Process && processes.Count < MaxProcesses)
            {
                processes.TryAdd(point.CreatedProcess, new TracedProcess(point.CreatedProcess, point.Process, ""));
            }
            else if (point.Point == TracePoint.Exec && processes.TryGetValue(point.Process, out var known))
            {
                processes[point.Process] = known with { Command = CommandOf(point) };
            }
        }

        return [.. processes.Values];
    }

    /// <summary>Arguments as typed, or the path where there are none.</summary>
    public static string CommandOf(TraceEvent exec) => Printable.Of(exec.Argv is { Count: > 0 } argv ? string.Join(' ', argv) : exec.Path);
}
