using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>All that the read model knows of one repo but the traces.</summary>
/// <param name="Files">Files of the current revision, gravest first, at most <see cref="ReadModelQueries.ShownFiles"/>.</param>
/// <param name="FileCount">All of them.</param>
/// <param name="History">Verdicts on revisions that were the current ones, newest first, at most <see cref="ReadModelQueries.ShownVerdicts"/>.</param>
public sealed record RepoDetails(RepoSummary Summary, IReadOnlyList<FileDetails> Files, int FileCount, IReadOnlyList<PastVerdict> History);

/// <summary>One file of a revision.</summary>
/// <param name="Content">Null where the file list could not be read and this stands for the whole revision.</param>
/// <param name="Verdict">Null while it is not analysed.</param>
public sealed record FileDetails(string Path, long Size, ContentKey? Content, Sha256? Artifact, FileVerdict? Verdict);

/// <summary>A verdict as it was reached.</summary>
/// <param name="Profiles">Ids of the profiles that scored the revision's files.</param>
/// <param name="Id">Tells it from other verdicts; grows with time.</param>
public sealed record PastVerdict(
    string Revision,
    DateTimeOffset At,
    Label Label,
    double Score,
    string TaskCluster,
    bool Provisional,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<string> Profiles,
    IReadOnlyList<string> Environments,
    long Id = 0);
