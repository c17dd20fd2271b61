using System.Text.Json.Serialization;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Shared.Verdicts;

/// <summary>Verdict on one file of a revision.</summary>
/// <param name="Sparse">What was read of it; null where it was read whole, or not at all.</param>
public sealed record JudgedFile(
    string Path,
    long Size,
    Sha256? Artifact,
    FileVerdict Verdict,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SparseReading? Sparse = null);

/// <summary>Verdict on a revision: the gravest of its files' labels, with the sentences that explain it.</summary>
/// <param name="TaskCluster">The cluster whose profile scored it, as configured; see <see cref="Profiles.TaskCluster"/>.</param>
/// <param name="Reasons">Plain sentences, gravest first; never empty.</param>
/// <param name="Provisional">No profile has scored it yet: labels come from indicators and outcomes alone.</param>
public sealed record RepoVerdict(Label Label, double Score, string TaskCluster, IReadOnlyList<string> Reasons, IReadOnlyList<JudgedFile> Files, bool Provisional);
