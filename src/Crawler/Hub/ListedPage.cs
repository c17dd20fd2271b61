namespace DynaHug.Crawler.Hub;

/// <summary>One page of a listing.</summary>
/// <param name="Repos">Those that the query admits, each once.</param>
/// <param name="Next">Where the next page is, on the hub's own origin; null on the last one.</param>
public sealed record ListedPage(IReadOnlyList<ListedRepo> Repos, Uri? Next);
