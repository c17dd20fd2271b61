using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A repo at its current revision.</summary>
/// <param name="Label">Null while the revision has no verdict.</param>
/// <param name="Reasons">Empty while the revision has no verdict.</param>
/// <param name="LeftOut">Files that no loader would open.</param>
/// <param name="Availability">Whether the hub still gives it: <c>public</c>, <c>gated</c>, <c>renamed</c>, <c>private</c>, <c>deleted</c>, <c>disabled</c>, <c>gone</c>.</param>
/// <param name="Case">Where the flag stands with people; null while it is not flagged.</param>
public sealed record RepoSummary(
    RepoId Repo,
    string Revision,
    Label? Label,
    double Score,
    bool Provisional,
    IReadOnlyList<string> Reasons,
    string TaskCluster,
    string? PipelineTag,
    string? Library,
    long Likes,
    long Downloads,
    bool Gated,
    string? HubScan,
    int LeftOut,
    DateTimeOffset ObservedAt,
    DateTimeOffset? JudgedAt,
    string Availability = "public",
    string? Case = null);
