namespace DynaHug.Worker.Tracing;

/// <summary>How a sandbox run ended, seen from outside.</summary>
public enum RunEnd
{
    /// <summary>The last process ended by itself.</summary>
    Exited,

    /// <summary>The wall clock ran out and the sandbox was killed.</summary>
    TimedOut,

    /// <summary>More trace points than the budget allows; killed.</summary>
    EventBudget,

    /// <summary>More output than the budget allows; killed.</summary>
    OutputBudget,

    /// <summary>The memory limit ended it.</summary>
    OutOfMemory,
}

/// <summary>
/// Everything one sandbox run gave, before any interpretation: what <see cref="TraceReader"/> makes a summary of, now or when a stored
/// trace is replayed.
/// </summary>
/// <param name="Environment">Fingerprint; see <see cref="Shared.Tracing.TraceSummary"/>.</param>
/// <param name="Honey">Seed of the planted home; see <see cref="Sandbox.HoneyHome"/>.</param>
/// <param name="Events">In order of arrival.</param>
/// <param name="Dropped">Events that the sandbox says it dropped.</param>
/// <param name="EndOfStream">The sink was closed by the sandbox, not by us.</param>
/// <param name="ExitCode">Exit code of the sandbox's first process, or null where it was killed.</param>
/// <param name="StandardOutput">First part, bounded; the loader's report line is in <paramref name="LoaderReport"/> instead.</param>
/// <param name="LoaderReport">The line that the loader (or whoever pretends to be it) reported with; null where none came.</param>
/// <param name="Seconds">Wall time from the request to the end.</param>
public sealed record RunRecord(
    string Environment,
    string Honey,
    IReadOnlyList<TraceEvent> Events,
    long Dropped,
    bool EndOfStream,
    RunEnd End,
    int? ExitCode,
    string StandardOutput,
    string StandardError,
    string? LoaderReport,
    double Seconds);

/// <summary>The recognisable system calls by which the loader says where it is: <c>getpgid</c> of an impossible process id.</summary>
public static class LoadMarkers
{
    /// <summary>getpgid.</summary>
    public const int Number = 121;

    /// <summary>First argument just before the load. Only the first one counts; a later one is forged.</summary>
    public const ulong Start = 0x5AFE;

    /// <summary>First argument just after the load. Can be forged: a hint that tells delayed work apart, never the end of counting.</summary>
    public const ulong End = 0x5AFF;
}
