using DynaHug.Shared.Tracing;
using DynaHug.Worker.Tracing;

namespace DynaHug.Coordinator.Traces;

/// <summary>One event of a trace in words. What it names is hostile: whoever shows it makes it printable.</summary>
public static class EventText
{
    /// <summary>The system call, or the kind of trace point where it is none.</summary>
    public static string CallOf(TraceEvent seen) => seen.Number >= 0 ? Syscalls.NameOf(seen.Number) : seen.Point switch
    {
        TracePoint.Clone => "clone",
        TracePoint.Exec or TracePoint.ExecAttempt => "execve",
        TracePoint.TaskExit or TracePoint.ExitNotifyParent => "exit",
        var point => point.ToString().ToLowerInvariant(),
    };

    public static string Of(TraceEvent seen) => seen.Point switch
    {
        TracePoint.Syscall => $"{Syscalls.NameOf(seen.Number)}({string.Join(", ", seen.Arguments.Select(argument => $"0x{argument:x}"))})",
        TracePoint.Clone => $"makes {(seen.CreatedProcess == seen.Process ? "thread" : "process")} {seen.Created}",
        TracePoint.TaskExit or TracePoint.ExitNotifyParent => $"ends with status {seen.Status}",
        TracePoint.Exec or TracePoint.ExecAttempt => $"{(seen.Point == TracePoint.Exec ? "runs" : "tries to run")} {CommandLineOf(seen)}",
        _ => $"{CallOf(seen)} {seen.Path} {seen.Address}".Trim(),
    };

    /// <summary>Whether the call's name, or anything that the event names, holds the text; case does not matter.</summary>
    public static bool Mentions(TraceEvent seen, string text) =>
        Holds(CallOf(seen), text)
        || Holds(seen.Path, text)
        || seen.Argv?.Any(argument => Holds(argument, text)) == true
        || (seen.Address is { } address && Holds(address.ToString(), text));

    private static bool Holds(string named, string text) => named.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static string CommandLineOf(TraceEvent seen) => seen.Argv is { Count: > 0 } arguments ? $"{seen.Path} [{string.Join(' ', arguments)}]" : seen.Path;
}
