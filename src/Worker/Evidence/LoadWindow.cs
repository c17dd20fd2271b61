using DynaHug.Shared.Tracing;
using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>
/// The part of a run that counts: what follows the first start marker, of all processes, to the end. What came before is the loader
/// getting ready and is no evidence of anything.
/// </summary>
public sealed class LoadWindow
{
    private const long AccessMode = 3;
    private const long CreateFlag = 0x40;
    private const long TruncateFlag = 0x200;

    private static readonly int Creat = Number("creat");

    private readonly HashSet<int> executing = [];

    public LoadWindow(RunRecord run)
    {
        Run = run;
        Report = LoaderReport.Parse(run.LoaderReport);
        Honey = HoneyHome.Of(run.Honey);
        var start = 0;
        while (start < run.Events.Count && !IsMarker(run.Events[start], LoadMarkers.Start))
        {
            start++;
        }

        Started = start < run.Events.Count;
        Loader = Started ? run.Events[start].Process : 0;
        Events = [.. run.Events.Skip(start + 1)];
        EndMarker = FirstOrEnd(seen => seen.Process == Loader && IsMarker(seen, LoadMarkers.End));
        executing.UnionWith(Events.Where(seen => seen.Point == TracePoint.Exec).Select(seen => seen.Process));
    }

    public RunRecord Run { get; }

    /// <summary>The loader's own words, or null where there are none that can be read.</summary>
    public LoaderReport? Report { get; }

    /// <summary>The home that was planted in the load's sandbox.</summary>
    public HoneyHome Honey { get; }

    /// <summary>Whether a start marker was seen at all.</summary>
    public bool Started { get; }

    /// <summary>Process id of the loader.</summary>
    public int Loader { get; }

    /// <summary>Everything after the start marker.</summary>
    public IReadOnlyList<TraceEvent> Events { get; }

    /// <summary>Index in <see cref="Events"/> of the loader's first end marker, or their number where none came. A hint: the load can forge it.</summary>
    public int EndMarker { get; }

    /// <summary>Whether another program took the process over at some time; what it does afterwards is that program's way.</summary>
    public bool RunsProgram(int process) => executing.Contains(process);

    /// <summary>Raw system calls with their index, all of them or only those of the given numbers.</summary>
    public IEnumerable<(int At, TraceEvent Call)> Calls(params int[] numbers)
    {
        for (var at = 0; at < Events.Count; at++)
        {
            var seen = Events[at];
            if (seen.Point == TracePoint.Syscall && (numbers.Length == 0 || Array.IndexOf(numbers, seen.Number) >= 0))
            {
                yield return (at, seen);
            }
        }
    }

    /// <summary>Events of one kind with their index.</summary>
    public IEnumerable<(int At, TraceEvent Event)> Points(TracePoint point) =>
        Events.Select((seen, at) => (at, seen)).Where(pair => pair.seen.Point == point);

    /// <summary>How often each system call was made. The loader's markers are left out: they are ours, whoever makes them.</summary>
    public IReadOnlyDictionary<int, long> Counts()
    {
        var counts = new SortedDictionary<int, long>();
        foreach (var (_, call) in Calls())
        {
            if (!IsMarker(call, LoadMarkers.Start) && !IsMarker(call, LoadMarkers.End))
            {
                counts[call.Number] = counts.GetValueOrDefault(call.Number) + 1;
            }
        }

        return counts;
    }

    /// <summary>Whether every task of the window has ended, the loader's first one included.</summary>
    public bool AllTasksEnded()
    {
        var alive = new HashSet<int> { Loader };
        foreach (var seen in Events)
        {
            if (seen.Point == TracePoint.Clone)
            {
                alive.Add(seen.Created);
            }
            else if (seen.Point == TracePoint.TaskExit)
            {
                alive.Remove(seen.Thread);
            }
        }

        return alive.Count == 0;
    }

    public static bool IsMarker(TraceEvent seen, ulong value) =>
        seen is { Point: TracePoint.Syscall, Number: LoadMarkers.Number } && Argument(seen, 0) == value;

    /// <summary>Whether an open can change or create the file, by its flags or because the call has none (creat).</summary>
    public static bool IsForWriting(TraceEvent open) => (open.Status & (AccessMode | CreateFlag | TruncateFlag)) != 0 || open.Number == Creat;

    /// <summary>Raw argument, 0 where the event has fewer.</summary>
    public static ulong Argument(TraceEvent seen, int index) => index < seen.Arguments.Count ? seen.Arguments[index] : 0;

    /// <summary>Number of a system call that is known to exist.</summary>
    public static int Number(string name) => Syscalls.NumberOf(name) ?? throw new ArgumentException($"no system call is called {name}", nameof(name));

    private int FirstOrEnd(Func<TraceEvent, bool> wanted)
    {
        var at = 0;
        while (at < Events.Count && !wanted(Events[at]))
        {
            at++;
        }

        return at;
    }
}
