using System.Text.Json;
using DynaHug.Shared.Tracing;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// Which trace points gVisor sends where (<c>--pod-init-config</c>; gVisor's <c>pkg/sentry/seccheck</c>): a raw point for every system
/// call, and typed points that carry paths, arguments and addresses.
/// </summary>
public static class TraceSession
{
    /// <summary>Highest number with a point in gVisor 20221219.</summary>
    private const int LastPoint = 441;

    /// <summary>clock_gettime: libraries make thousands, their number follows the clock, and it says nothing.</summary>
    private const int NotTraced = 228;

    private static readonly string[] Context = ["thread_id", "group_id"];

    private static readonly string[] Typed =
    [
        "container/start", "sentry/clone", "sentry/execve", "sentry/exit_notify_parent", "sentry/task_exit",
        "syscall/open/enter", "syscall/openat/enter", "syscall/creat/enter",
        "syscall/execve/enter", "syscall/execveat/enter",
        "syscall/connect/enter", "syscall/bind/enter", "syscall/socket/enter",
    ];

    /// <param name="endpoint">Path of the Unix socket that listens outside the sandbox.</param>
    public static string Config(string endpoint)
    {
        var points = Enumerable.Range(0, LastPoint + 1)
            .Where(number => number != NotTraced)
            .Select(number => $"syscall/sysno/{number}/enter")
            .Concat(Typed)
            .Select(name => new { name, context_fields = Context });
        var session = new
        {
            trace_session = new
            {
                name = "Default",
                points,
                sinks = new[] { new { name = "remote", config = new { endpoint, retries = 100_000, backoff_max = "1ms" } } },
            },
        };
        return JsonSerializer.Serialize(session);
    }

    /// <summary>Names of the subscribed points, for the environment's fingerprint.</summary>
    public static string Fingerprint => $"0-{LastPoint} but {Syscalls.NameOf(NotTraced)}; {string.Join(' ', Typed)}; {string.Join(' ', Context)}";
}
