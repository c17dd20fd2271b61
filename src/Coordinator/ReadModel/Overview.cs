namespace DynaHug.Coordinator.ReadModel;

/// <summary>Where the hub stands, in numbers.</summary>
/// <param name="Repos">Repos observed.</param>
/// <param name="JudgedRepos">Those whose current revision has a verdict.</param>
/// <param name="OpenRepos">Those whose current revision has none yet.</param>
/// <param name="FlaggedRepos">Suspicious or malicious.</param>
/// <param name="FetchedArtifacts">Distinct contents whose bytes are stored.</param>
/// <param name="AnalysedArtifacts">Distinct contents whose analysis has ended, however it ended.</param>
/// <param name="LastVerdictAt">Null before the first verdict; every later verdict is strictly later.</param>
/// <param name="Labels">Label name → repos; <c>open</c> for those without a verdict.</param>
/// <param name="Coverage">Outcome name → files of current revisions; <c>open</c> for those not analysed yet. Every name is present.</param>
public sealed record Overview(
    long Repos,
    long JudgedRepos,
    long OpenRepos,
    long FlaggedRepos,
    long FetchedArtifacts,
    long AnalysedArtifacts,
    int ActiveProfiles,
    DateTimeOffset? LastVerdictAt,
    IReadOnlyDictionary<string, long> Labels,
    IReadOnlyDictionary<string, long> Coverage);
