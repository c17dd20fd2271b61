using System.Text.Json;
using DynaHug.Shared;

namespace DynaHug.Worker.Evidence;

/// <summary>
/// What the loader says about its load. It was written inside the sandbox, next to hostile code, so it can be forged: it adds words and
/// evidence to what was seen outside, and its "loaded" counts only with a complete trace.
/// </summary>
/// <remarks>
/// JSON as the loader writes it: <c>outcome</c> (loaded, raised, unsupported, corrupt), <c>error</c> {type, message}, <c>loaders</c>
/// [{loader, member, outcome, error}], <c>missing</c> [name], <c>calls</c> [{callable, arguments}], <c>named</c> ["module name"], <c>delays</c> [text], <c>alive</c>
/// {threads, children, timers}, <c>audit</c> [{event, arguments}], <c>bytes</c>, <c>cpu</c> (seconds since the imports), <c>memory</c> (KB).
/// Fields of a wrong type read as absent.
/// </remarks>
/// <param name="Error">Type and message of what was raised; empty where nothing was.</param>
/// <param name="Missing">Globals that are not installed and were replaced by recorders.</param>
/// <param name="Calls">What missing callables were called with.</param>
/// <param name="Named">Globals that the file's pickles named: module and name, parted by a blank.</param>
/// <param name="Delays">Waits that the loader cut short.</param>
/// <param name="Alive">Threads, children and timers that were there right after the load, in words; empty where none.</param>
/// <param name="Audit">Python audit events of the load: paths and names that system calls pass by pointer.</param>
public sealed record LoaderReport(
    string Outcome,
    string ErrorType,
    string Error,
    IReadOnlyList<LoaderAttempt> Attempts,
    IReadOnlyList<string> Missing,
    IReadOnlyList<RecordedCall> Calls,
    IReadOnlyList<string> Named,
    IReadOnlyList<string> Delays,
    string Alive,
    IReadOnlyList<RecordedCall> Audit,
    long Bytes,
    double ProcessorSeconds,
    long PeakMemoryKilobytes)
{
    public const string Loaded = "loaded";
    public const string Raised = "raised";
    public const string Unsupported = "unsupported";
    public const string Corrupt = "corrupt";

    private const int LongestLine = 256 * 1024;
    private const int MostEntries = 512;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };
    private static readonly string[] Kinds = ["threads", "children", "timers"];
    private static readonly string[] Outcomes = [Loaded, Raised, Unsupported, Corrupt];

    /// <summary>Reads the report line, with or without what stands before the JSON object; null where it is no report.</summary>
    public static LoaderReport? Parse(string? line)
    {
        if (line is null || line.Length > LongestLine || line.IndexOf('{') is var start && start < 0)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line.AsMemory(start), Strict);
            var root = document.RootElement;
            return Outcomes.Contains(Text(root, "outcome")) ? Read(root) : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null; // a lone surrogate in a string
        }
    }

    private static LoaderReport Read(JsonElement root)
    {
        var error = Member(root, "error");
        return new LoaderReport(
            Text(root, "outcome"),
            Text(error, "type"),
            Described(error),
            [.. Items(root, "loaders").Select(item => new LoaderAttempt(Text(item, "loader"), Text(item, "member"), Text(item, "outcome"), Described(Member(item, "error"))))],
            [.. Items(root, "missing").Select(Text)],
            [.. Items(root, "calls").Select(item => new RecordedCall(Text(item, "callable"), Text(item, "arguments")))],
            [.. Items(root, "named").Select(Text)],
            [.. Items(root, "delays").Select(Text)],
            AliveIn(Member(root, "alive")),
            [.. Items(root, "audit").Select(item => new RecordedCall(Text(item, "event"), Text(item, "arguments")))],
            (long)Number(root, "bytes"),
            Number(root, "cpu"),
            (long)Number(root, "memory"));
    }

    private static string AliveIn(JsonElement alive) => string.Join(", ", Kinds
        .Where(kind => Number(alive, kind) >= 1)
        .Select(kind => $"{kind}: {(long)Number(alive, kind)}"));

    private static string Described(JsonElement error) => (Text(error, "type"), Text(error, "message")) switch
    {
        ("", "") => "",
        ("", var message) => message,
        (var type, "") => type,
        var (type, message) => $"{type}: {message}",
    };

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().Take(MostEntries) : [];

    private static string Text(JsonElement element, string name) => Text(Member(element, name));

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? Printable.Of(element.GetString(), 1024) : "";

    private static double Number(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? Math.Clamp(number, 0, 1e15)
            : 0;
}
