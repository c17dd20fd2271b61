using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Which repos a list shows; what is null does not restrict.</summary>
/// <param name="Search">Part of the repo's name.</param>
/// <param name="Outcome">A file of the current revision ended so.</param>
/// <param name="Indicator">A file of the current revision shows this indicator.</param>
public sealed record RepoFilter(
    string? Search = null,
    Label? Label = null,
    string? TaskCluster = null,
    Outcome? Outcome = null,
    string? Indicator = null);
