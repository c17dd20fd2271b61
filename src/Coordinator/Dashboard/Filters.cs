using System.Globalization;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>Filters as addresses hold them, the same names on pages and in the API, so that an address of one can be used with the other.</summary>
internal record Filters
{
    public string? Q { get; init; }

    public string? Label { get; init; }

    public string? Cluster { get; init; }

    public string? Outcome { get; init; }

    public string? Indicator { get; init; }

    /// <summary>Where the flag stands with people; <c>all</c> for any.</summary>
    public string? State { get; init; }

    public string? Payload { get; init; }

    public string? Author { get; init; }

    public double? MinScore { get; init; }

    public long? MinLikes { get; init; }

    /// <summary>A span before now (<c>24h</c>, <c>7d</c>) or a moment.</summary>
    public string? Since { get; init; }

    public const string Any = "all";

    public static readonly IReadOnlyList<string> Spans = ["24h", "7d", "30d"];

    public static readonly IReadOnlyList<string> States = CaseState.All;

    /// <summary>What the read model is asked; what makes no sense does not restrict.</summary>
    public RepoFilter Read(DateTimeOffset now) => new(
        Q,
        FilterNames.Find<Label>(Label),
        Cluster,
        FilterNames.Find<Outcome>(Outcome),
        Indicator,
        State is null or Any or "" ? null : State,
        Payload,
        Author,
        MinScore,
        MinLikes,
        SinceOf(now));

    /// <summary>What makes no sense, in words for whoever wrote it; null where all does.</summary>
    public string? Wrong(DateTimeOffset now) =>
        Label is { Length: > 0 } && FilterNames.Find<Label>(Label) is null ? OneOf("label", Enum.GetValues<Label>().Select(label => label.Name()))
        : Outcome is { Length: > 0 } && FilterNames.Find<Outcome>(Outcome) is null ? OneOf("outcome", Enum.GetValues<Outcome>().Select(outcome => outcome.Name()))
        : State is { Length: > 0 } && State != Any && !States.Contains(State) ? OneOf("state", States.Append(Any))
        : Since is { Length: > 0 } && SinceOf(now) is null ? "'since' is a span such as 24h or 7d, or a moment such as 2026-01-31T12:00:00Z"
        : null;

    private DateTimeOffset? SinceOf(DateTimeOffset now) =>
        Since is not { Length: > 1 } text ? null
        : int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && text[^1] is 'h' or 'd' ? now - Span(count, text[^1])
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment
        : null;

    private static TimeSpan Span(int count, char unit) => Math.Min(count, 100_000) * (unit == 'h' ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1));

    private static string OneOf(string name, IEnumerable<string> known) => $"'{name}' is one of {string.Join(", ", known)}";
}
