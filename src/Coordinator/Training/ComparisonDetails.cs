using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Training;

/// <summary>What a candidate profile would change, repo by repo: the blob behind a <see cref="Shared.Profiles.ProfileComparison"/>.</summary>
/// <param name="Against">The profile that was active then, or null where none was.</param>
/// <param name="NewlyFlagged">At most <see cref="Comparer.MostChanges"/>, as <paramref name="Cleared"/>.</param>
/// <param name="CanariesLost">Names of the canaries that only the former profile finds odd; bounded alike.</param>
public sealed record ComparisonDetails(
    string TaskCluster,
    string Environment,
    Sha256 Candidate,
    Sha256? Against,
    IReadOnlyList<VerdictChange> NewlyFlagged,
    IReadOnlyList<VerdictChange> Cleared,
    IReadOnlyList<string> CanariesLost);

/// <summary>A content whose verdict would change.</summary>
/// <param name="Artifact">Sha256 of the content.</param>
/// <param name="Files">Where it lies: <c>org/name:path</c>; the first few.</param>
/// <param name="Before">Null where no profile has scored it.</param>
/// <param name="Why">One sentence.</param>
public sealed record VerdictChange(string Artifact, IReadOnlyList<string> Files, Decision? Before, Decision After, string Why);
