using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>The program and arguments of an exec, as one line.</summary>
public static class CommandLine
{
    /// <summary>Arguments where there are any (the path varies while a search path is tried), else the path.</summary>
    public static string Of(TraceEvent exec) => exec.Argv is { Count: > 0 } argv ? string.Join(' ', argv) : exec.Path;

    /// <summary>Name of the program without its folder.</summary>
    public static string Program(TraceEvent exec)
    {
        var path = exec.Path.Length > 0 ? exec.Path : exec.Argv is [var first, ..] ? first : "";
        return path[(path.LastIndexOf('/') + 1)..];
    }
}
