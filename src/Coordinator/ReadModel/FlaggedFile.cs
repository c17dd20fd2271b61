using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A suspicious or malicious file of a current revision.</summary>
public sealed record FlaggedFile(string Repo, string Revision, string Path, string TaskCluster, Sha256? Artifact, FileVerdict Verdict, DateTimeOffset? FlaggedAt, string Case);
