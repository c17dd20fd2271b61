using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A repo with traces that the given profile has not judged.</summary>
public sealed record RescoreCandidate(RepoId Repo, string Commit, IReadOnlyList<CandidateFile> Files);

/// <summary>A file whose stored trace is to be judged again.</summary>
/// <param name="Known">What the profile has said of it before, or null where it never scored it.</param>
public sealed record CandidateFile(string Path, ArtifactAnalysis Analysis, Decision? Known);
