namespace DynaHug.Coordinator.Reports;

/// <summary>Totals of a hub-wide report.</summary>
/// <param name="OpenRepos">Repos whose current revision has no verdict yet.</param>
/// <param name="FetchedArtifacts">Distinct contents whose bytes are stored.</param>
/// <param name="AnalysedArtifacts">Distinct contents whose analysis has ended, however it ended.</param>
public sealed record ReportTotals(long JudgedRepos, long OpenRepos, long FlaggedRepos, long FlaggedFiles, long Files, long FetchedArtifacts, long AnalysedArtifacts);
