using System.Net;
using DynaHug.Shared.Tracing;
using DynaHug.Worker.Tracing;

namespace DynaHug.Coordinator.Tests.Traces;

/// <summary>A load that forks, runs a program and calls home, as a worker would have stored it.</summary>
internal static class LoadsByHand
{
    /// <param name="program">What it runs; hostile at will.</param>
    /// <param name="reads">Reads at the end.</param>
    public static RunRecord Running(string program, int reads = 0)
    {
        var execve = Syscalls.NumberOf("execve")!.Value;
        var read = Syscalls.NumberOf("read")!.Value;
        return new RunRecord(
            "env",
            "seed",
            [
                new TraceEvent(TracePoint.Syscall, 1, 1, read, [9]),
                new TraceEvent(TracePoint.Syscall, 1, 1, LoadMarkers.Number, [LoadMarkers.Start]),
                new TraceEvent(TracePoint.Clone, 1, 1, -1, [], Created: 2, CreatedProcess: 2),
                new TraceEvent(TracePoint.Syscall, 2, 2, execve, [1, 2, 3]),
                new TraceEvent(TracePoint.ExecAttempt, 2, 2, execve, [], program, [program, "-c"]),
                new TraceEvent(TracePoint.Exec, 2, 2, -1, [], program, [program, "-c"]),
                new TraceEvent(TracePoint.Connect, 2, 2, Syscalls.NumberOf("connect")!.Value, [], Address: new IPEndPoint(IPAddress.Loopback, 4444), AddressFamily: 2),
                .. Enumerable.Repeat(new TraceEvent(TracePoint.Syscall, 1, 1, read, [3]), reads),
                new TraceEvent(TracePoint.TaskExit, 2, 2, -1, []),
                new TraceEvent(TracePoint.TaskExit, 1, 1, -1, []),
            ],
            0, true, RunEnd.Exited, 0, "", "", null, 0.1);
    }
}
