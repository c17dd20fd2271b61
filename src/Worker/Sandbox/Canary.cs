using System.Text;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Sandbox;

/// <summary>Two hand-written pickles that show whether a sandbox works: one that means no harm, one that starts a program (<c>id</c>).</summary>
internal static class Canary
{
    /// <summary>Protocol 0: <c>{'weights': [1.0, 2.0]}</c>.</summary>
    public static ReadOnlyMemory<byte> Benign { get; } = Encoding.ASCII.GetBytes("(dp0\nVweights\np1\n(lp2\nF1.0\naF2.0\nas.");

    /// <summary>Protocol 0: <c>posix.system('id')</c>. Never loaded but in a sandbox.</summary>
    public static ReadOnlyMemory<byte> Malicious { get; } = Encoding.ASCII.GetBytes("cposix\nsystem\n(S'id'\ntR.");

    public static TraceRequest RequestFor(string path) => new(Sha256.OfBytes(Encoding.UTF8.GetBytes(path)), path, "canary.pkl", FileFormat.Pickle);

    /// <summary>Nothing was lost between the loader's start marker and the end of the last process.</summary>
    public static bool IsComplete(RunRecord run) =>
        run is { End: RunEnd.Exited, EndOfStream: true, Dropped: 0 }
        && run.Events.Any(happened => happened is { Point: TracePoint.Syscall, Number: LoadMarkers.Number } && happened.Arguments[0] == LoadMarkers.Start)
        && run.Events[^1].Point is TracePoint.TaskExit or TracePoint.ExitNotifyParent;
}
