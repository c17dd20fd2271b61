using System.Globalization;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// Which repos a list shows, as addresses hold it: the same names on pages and in the API, so that an address of one can be used with the other. What is null or empty, and
/// what makes no sense, does not restrict.
/// </summary>
public record RepoFilter
{
    /// <summary>For <see cref="State"/>: wherever the flag stands.</summary>
    public const string Any = "all";

    public static readonly IReadOnlyList<string> Spans = ["24h", "7d", "30d"];

    /// <summary>Part of the repo's name, in any case.</summary>
    public string? Q { get; init; }

    public string? Label { get; init; }

    public string? Cluster { get; init; }

    /// <summary>A file of the current revision ended so.</summary>
    public string? Outcome { get; init; }

    /// <summary>A file of the current revision shows this indicator.</summary>
    public string? Indicator { get; init; }

    /// <summary>Where the flag stands with people, one of <see cref="CaseState"/>; <see cref="Any"/> does not restrict.</summary>
    public string? State { get; init; }

    /// <summary>See <see cref="FlagSigns.PayloadOf"/>.</summary>
    public string? Payload { get; init; }

    public string? Author { get; init; }

    /// <summary>Least score, 0 to 1.</summary>
    public double? MinScore { get; init; }

    public long? MinLikes { get; init; }

    /// <summary>Flagged at or after a moment, or within a span before now (<c>24h</c>, <c>7d</c>), which <see cref="At"/> makes a moment.</summary>
    public string? Since { get; init; }

    /// <summary>What is asked at this moment: a span becomes the moment at which it began.</summary>
    public RepoFilter At(DateTimeOffset now) => this with { Since = SinceOf(now)?.ToString("o", CultureInfo.InvariantCulture) };

    /// <summary>What makes no sense, in words for whoever wrote it; null where all does.</summary>
    public string? Wrong(DateTimeOffset now) =>
        Label is { Length: > 0 } && Names.Find<Label>(Label) is null ? OneOf("label", Enum.GetValues<Label>().Select(label => label.Name()))
        : Outcome is { Length: > 0 } && Names.Find<Outcome>(Outcome) is null ? OneOf("outcome", Enum.GetValues<Outcome>().Select(outcome => outcome.Name()))
        : State is { Length: > 0 } && State != Any && !CaseState.All.Contains(State) ? OneOf("state", CaseState.All.Append(Any))
        : Since is { Length: > 0 } && SinceOf(now) is null ? "'since' is a span such as 24h or 7d, or a moment such as 2026-01-31T12:00:00Z"
        : null;

    /// <summary>UTC ticks; 0, which every flag is after, without <see cref="Since"/>.</summary>
    /// <exception cref="FormatException">It is a span still.</exception>
    internal long FlaggedSince() => Since is { Length: > 0 } moment ? DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcTicks : 0;

    internal string? CaseOrNull() => State is null or "" or Any ? null : State;

    /// <summary>Only a repo that is flagged can fit it.</summary>
    internal bool IsOfFlags() => CaseOrNull() is not null || Payload is { Length: > 0 } || Since is { Length: > 0 };

    private DateTimeOffset? SinceOf(DateTimeOffset now) =>
        Since is not { Length: > 1 } text ? null
        : int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && text[^1] is 'h' or 'd' ? now - Span(count, text[^1])
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment
        : null;

    private static TimeSpan Span(int count, char unit) => Math.Min(count, 100_000) * (unit == 'h' ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1));

    private static string OneOf(string name, IEnumerable<string> known) => $"'{name}' is one of {string.Join(", ", known)}";
}
