using DynaHug.Shared.Hub;

namespace DynaHug.Crawler.Hub;

/// <summary>One entry of a listing.</summary>
/// <param name="Commit">Commit sha of the main branch, 40 lower-case hex digits.</param>
/// <param name="FileNames">Paths of all files; null where the hub did not give them or one of them is not safe to use.</param>
public sealed record ListedRepo(RepoId Repo, string Commit, RepoFacts Facts, IReadOnlyList<string>? FileNames);
