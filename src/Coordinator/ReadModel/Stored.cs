using System.Text.Json;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>How values lie in columns.</summary>
internal static class Stored
{
    /// <summary>Every outcome by its stored name.</summary>
    private static readonly Dictionary<string, Outcome> Outcomes = Enum.GetValues<Outcome>().ToDictionary(outcome => outcome.Name());

    public static string Json<T>(T value) => JsonSerializer.Serialize(value, Shared.Wire.Json.Options);

    public static T FromJson<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Shared.Wire.Json.Options) ?? throw new InvalidDataException($"the read model holds null where a {typeof(T).Name} belongs");

    public static IReadOnlyList<string> Texts(string json) => FromJson<IReadOnlyList<string>>(json);

    public static DateTimeOffset Moment(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTimeOffset? Moment(long? ticks) => ticks is { } known ? Moment(known) : null;

    public static Label? LabelOf(int? stored) => (Label?)stored;

    public static string? LabelName(int? stored) => ((Label?)stored)?.Name();

    /// <summary>Null for a file that is not analysed yet.</summary>
    public static Outcome? OutcomeOf(string stored) => stored.Length == 0 ? null : Outcomes[stored];

    /// <summary>Words, each once and in order, with a space on either side of each, so that one is found as part of the whole.</summary>
    public static string Joined(IEnumerable<string> words) => string.Join(' ', words.Distinct().Order(StringComparer.Ordinal)) is { Length: > 0 } joined ? $" {joined} " : "";

    public static string[] Words(string joined) => joined.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
