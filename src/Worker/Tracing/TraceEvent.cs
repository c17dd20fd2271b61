using System.Net;

namespace DynaHug.Worker.Tracing;

/// <summary>Kinds of trace points that a sandbox sends; values are ours, not gVisor's.</summary>
public enum TracePoint
{
    /// <summary>A system call is entered; fires for every subscribed number and is what counts.</summary>
    Syscall,

    /// <summary>A container starts; first event of a run.</summary>
    ContainerStart,

    /// <summary>A task (thread or process) was made; <see cref="TraceEvent.Created"/> names it.</summary>
    Clone,

    /// <summary>A program was loaded into a process, with path and arguments.</summary>
    Exec,

    /// <summary>A process ends and its parent is told.</summary>
    ExitNotifyParent,

    /// <summary>A task ends; the last event of a whole run.</summary>
    TaskExit,

    /// <summary>Typed twin of a system call that opens a path. Evidence only, never counted.</summary>
    Open,

    /// <summary>Typed twin of connect.</summary>
    Connect,

    /// <summary>Typed twin of bind.</summary>
    Bind,

    /// <summary>Typed twin of execve and execveat; also fires for a program that is not there.</summary>
    ExecAttempt,

    /// <summary>Typed twin of socket.</summary>
    Socket,

    /// <summary>Any other typed twin; <see cref="TraceEvent.Number"/> says which call.</summary>
    OtherTyped,
}

/// <summary>
/// One trace point as received and bounded. Everything in it is hostile: the sandbox's kernel wrote the envelope, the load chose the
/// contents.
/// </summary>
/// <param name="Process">Thread group id inside the sandbox.</param>
/// <param name="Thread">Thread id inside the sandbox.</param>
/// <param name="Number">x86-64 system call number, or -1 where the point is no system call.</param>
/// <param name="Arguments">The six raw arguments of a <see cref="TracePoint.Syscall"/>; none for others unless the point carries flags.</param>
/// <param name="Path">Path of an open or exec; empty where the point has none.</param>
/// <param name="Argv">Arguments of an exec; bounded in number and length.</param>
/// <param name="Address">Socket address of connect and bind, or null (none, or not an IP address: then <paramref name="Path"/> holds a Unix path).</param>
/// <param name="AddressFamily">Linux address family of connect, bind, socket (AF_UNIX 1, AF_INET 2, AF_INET6 10, …), or -1.</param>
/// <param name="Created">Thread id of a new task, for <see cref="TracePoint.Clone"/>; else 0.</param>
/// <param name="CreatedProcess">Thread group id of a new task: differs from <paramref name="Process"/> when it is a process.</param>
/// <param name="Status">Exit status of exit points as waitpid gives it; flags of open; else 0.</param>
public sealed record TraceEvent(
    TracePoint Point,
    int Process,
    int Thread,
    int Number,
    CallArguments Arguments,
    string Path = "",
    IReadOnlyList<string>? Argv = null,
    IPEndPoint? Address = null,
    int AddressFamily = -1,
    int Created = 0,
    int CreatedProcess = 0,
    long Status = 0);
