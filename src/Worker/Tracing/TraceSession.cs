using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynaHug.Worker.Tracing;

/// <summary>
/// What gVisor is told to trace and where to send it: the file behind <c>runsc --pod-init-config</c>. Raw points are what is counted;
/// typed ones carry paths, arguments and addresses (gVisor 20221219 has them for few calls: none for unlink, rename, chmod).
/// </summary>
internal sealed record TraceSession([property: JsonPropertyName("trace_session")] TraceSession.Content Session)
{
    /// <summary>Highest number that has a raw point in this version of gVisor.</summary>
    private const int LastNumber = 441;

    /// <summary>clock_gettime: thousands of calls whose number depends on time alone.</summary>
    private const int ClockGettime = 228;

    private static readonly string[] Who = ["thread_id", "group_id"];
    private static readonly string[] WhoAndWhere = [.. Who, "cwd"];

    private static readonly string[] Sentry = ["container/start", "sentry/clone", "sentry/execve", "sentry/exit_notify_parent", "sentry/task_exit"];
    private static readonly string[] WithPath = ["open", "openat", "creat", "execve", "execveat", "chdir", "chroot"];
    private static readonly string[] WithDescriptor = ["openat", "execveat"];
    private static readonly string[] WithoutPath = ["connect", "bind", "socket", "setuid", "setgid", "setresuid", "setresgid"];

    /// <summary>Every point, in a fixed order; part of the environment fingerprint.</summary>
    public static IReadOnlyList<Point> Points { get; } =
    [
        .. Sentry.Select(name => new Point(name, Who)),
        .. Enumerable.Range(0, LastNumber + 1).Where(number => number != ClockGettime).Select(number => new Point($"syscall/sysno/{number}/enter", Who)),
        .. WithPath.Select(name => new Point($"syscall/{name}/enter", WhoAndWhere, WithDescriptor.Contains(name) ? ["fd_path"] : null)),
        .. WithoutPath.Select(name => new Point($"syscall/{name}/enter", Who)),
    ];

    /// <param name="socket">Path of the listening socket; at most 107 bytes.</param>
    public static TraceSession To(string socket) => new(new Content("Default", Points, [new Sink("remote", new SinkConfig(socket, 100_000, "1ms"))]));

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public sealed record Content(string Name, IReadOnlyList<Point> Points, IReadOnlyList<Sink> Sinks);

    public sealed record Point(
        string Name,
        [property: JsonPropertyName("context_fields")] IReadOnlyList<string> ContextFields,
        [property: JsonPropertyName("optional_fields"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? OptionalFields = null);

    public sealed record Sink(string Name, SinkConfig Config);

    /// <param name="Retries">So many that a slow receiver makes the program wait instead of losing events.</param>
    public sealed record SinkConfig(string Endpoint, int Retries, [property: JsonPropertyName("backoff_max")] string BackoffMax);
}
