using DynaHug.Shared.Tracing;

namespace DynaHug.Coordinator.Traces;

/// <summary>Who started whom, in the order to show it. What a trace claims may be cyclic: every process comes once.</summary>
public static class ProcessForest
{
    /// <summary>Each process with its depth (0 for the loader), parents before their children.</summary>
    public static IReadOnlyList<(TracedProcess Process, int Depth)> Ordered(IReadOnlyList<TracedProcess> processes)
    {
        var known = processes.Select(process => process.Pid).ToHashSet();
        var children = processes.ToLookup(process => known.Contains(process.Parent) && process.Parent != process.Pid ? process.Parent : 0);
        var ordered = new List<(TracedProcess, int)>();
        var seen = new HashSet<TracedProcess>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<(TracedProcess Process, int Depth)>(children[0].Reverse().Select(process => (process, 0)));
        while (pending.TryPop(out var next))
        {
            if (!seen.Add(next.Process))
            {
                continue;
            }

            ordered.Add(next);
            foreach (var child in next.Process.Pid == 0 ? [] : children[next.Process.Pid].Reverse())
            {
                pending.Push((child, next.Depth + 1));
            }
        }

        return [.. ordered, .. processes.Where(seen.Add).Select(process => (process, 0))];
    }
}
