using System.Text.Json;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>How values lie in columns.</summary>
internal static class Stored
{
    /// <summary>Stands in no name of an outcome or an indicator.</summary>
    public const string EndOfLine = "\n";

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

    /// <summary>Names, each once and in order, with the end of a line on either side of each, so that one is found as part of the whole.</summary>
    public static string Joined(IEnumerable<string> names) => string.Join(EndOfLine, names.Distinct().Order(StringComparer.Ordinal)) is { Length: > 0 } joined ? $"{EndOfLine}{joined}{EndOfLine}" : "";

    /// <summary>What <see cref="Joined"/> has joined.</summary>
    public static string[] Lines(string joined) => joined.Split(EndOfLine, StringSplitOptions.RemoveEmptyEntries);

    public static string[] Words(string joined) => joined.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
