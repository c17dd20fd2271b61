using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A repo whose current revision is suspicious or malicious.</summary>
/// <param name="Reasons">Plain sentences, gravest first.</param>
/// <param name="Indicators">Ids of the indicators its files show.</param>
/// <param name="HubScan">The hub's own scan status, or null.</param>
/// <param name="Case">Where the flag stands with people: <c>new</c>, <c>confirmed</c>, <c>false-alarm</c>, <c>suppressed</c>.</param>
/// <param name="Payload">What it does, as repos that do the same are grouped.</param>
/// <param name="FlaggedAt">When this revision was first given this label.</param>
public sealed record FlaggedRepo(
    RepoId Repo,
    string Revision,
    Label Label,
    double Score,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<string> Indicators,
    string TaskCluster,
    long Likes,
    long Downloads,
    string? HubScan,
    DateTimeOffset FlaggedAt,
    string Case = "new",
    string Payload = "");
