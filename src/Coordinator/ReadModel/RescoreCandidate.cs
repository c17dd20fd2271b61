using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A repo with traces that the given profile has not judged.</summary>
public sealed record RescoreCandidate(RepoId Repo, string Commit, IReadOnlyList<CandidateFile> Files);

/// <summary>A file whose stored trace is to be judged again.</summary>
public sealed record CandidateFile(string Path, ArtifactAnalysis Analysis);
