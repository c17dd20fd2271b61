using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>
/// The part of a run that is behaviour: from the first start marker to the end of all processes. Later start markers are forged, and
/// the end marker is a hint only.
/// </summary>
public sealed class LoadWindow
{
    private LoadWindow(IReadOnlyList<TraceEvent> events, int loader)
    {
        Events = events;
        Loader = loader;
        var end = events.Index().FirstOrDefault(entry => IsMarker(entry.Item, LoadMarkers.End));
        AfterLoad = end.Item is null ? [] : [.. events.Skip(end.Index + 1)];
    }

    /// <summary>All events after the start marker, in order.</summary>
    public IReadOnlyList<TraceEvent> Events { get; }

    /// <summary>Process id of the loader inside the sandbox.</summary>
    public int Loader { get; }

    /// <summary>Events after the loader said that the load was over: lingering, work left behind, the interpreter's end.</summary>
    public IReadOnlyList<TraceEvent> AfterLoad { get; }

    public IEnumerable<TraceEvent> Syscalls => Events.Where(point => point.Point == TracePoint.Syscall);

    /// <summary>The loader was seen to end.</summary>
    public bool LoaderEnded => Events.Any(point => point.Point == TracePoint.TaskExit && point.Process == Loader);

    /// <summary>More markers than an honest loader sets.</summary>
    public bool MarkersForged =>
        Events.Any(point => IsMarker(point, LoadMarkers.Start)) || Events.Count(point => IsMarker(point, LoadMarkers.End)) > 1;

    /// <summary>Null where no start marker came: nothing of the file has run.</summary>
    public static LoadWindow? Of(RunRecord run)
    {
        var start = run.Events.Index().FirstOrDefault(entry => IsMarker(entry.Item, LoadMarkers.Start));
        return start.Item is null ? null : new LoadWindow([.. run.Events.Skip(start.Index + 1)], start.Item.Process);
    }

    /// <summary>System call number → calls; the loader's own markers are not the file's doing.</summary>
    public IReadOnlyDictionary<int, long> Counts() => Syscalls
        .Where(point => !IsMarker(point, LoadMarkers.Start) && !IsMarker(point, LoadMarkers.End))
        .CountBy(point => point.Number)
        .OrderBy(entry => entry.Key)
        .ToDictionary(entry => entry.Key, entry => (long)entry.Value);

    private static bool IsMarker(TraceEvent point, ulong value) =>
        point is { Point: TracePoint.Syscall, Number: LoadMarkers.Number } && point.Arguments.Count > 0 && point.Arguments[0] == value;
}
