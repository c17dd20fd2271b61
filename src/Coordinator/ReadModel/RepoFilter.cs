using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Which repos a list shows; what is null does not restrict.</summary>
/// <param name="Search">Part of the repo's name.</param>
/// <param name="Outcome">A file of the current revision ended so.</param>
/// <param name="Indicator">A file of the current revision shows this indicator.</param>
/// <param name="Case">Where the flag stands with people: <c>new</c>, <c>confirmed</c>, <c>false-alarm</c>, <c>suppressed</c>.</param>
/// <param name="Payload">See <see cref="FlagSigns.PayloadOf"/>.</param>
/// <param name="MinScore">Least score, 0 to 1.</param>
/// <param name="FlaggedSince">Flagged at or after this moment.</param>
public sealed record RepoFilter(
    string? Search = null,
    Label? Label = null,
    string? TaskCluster = null,
    Outcome? Outcome = null,
    string? Indicator = null,
    string? Case = null,
    string? Payload = null,
    string? Author = null,
    double? MinScore = null,
    long? MinLikes = null,
    DateTimeOffset? FlaggedSince = null)
{
    /// <summary>Only a repo that is flagged can fit it.</summary>
    public bool IsOfFlags => Case is { Length: > 0 } || Payload is { Length: > 0 } || FlaggedSince is not null;
}
