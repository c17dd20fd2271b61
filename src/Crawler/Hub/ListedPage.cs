using DynaHug.Shared.Hub;

namespace DynaHug.Crawler.Hub;

/// <summary>One page of a listing.</summary>
/// <param name="Repos">Those that the query admits, each once.</param>
/// <param name="Shown">Names of all repos on the page, admitted or not.</param>
/// <param name="Last">Place of the last repo of the page; null where the hub does not say.</param>
/// <param name="Next">Where the next page is, on the hub's own origin; null on the last one.</param>
public sealed record ListedPage(IReadOnlyList<ListedRepo> Repos, IReadOnlySet<RepoId> Shown, HubPlace? Last, Uri? Next);
