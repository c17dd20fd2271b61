namespace DynaHug.Crawler.Hub;

/// <summary>Which repos a listing walks over, and in which order.</summary>
/// <param name="Since">Only repos changed at or after this moment, newest first; null for every repo.</param>
public sealed record HubQuery(DateTimeOffset? Since)
{
    /// <summary>Every repo, newest created first: a date of creation never changes, so no repo can jump over the place a walk has reached.</summary>
    public static HubQuery All { get; } = new(Since: null);

    /// <summary>The hub's key to sort by, always descending.</summary>
    internal string Sort => Since is null ? "createdAt" : "lastModified";

    /// <summary>What changed since a moment. Likes and downloads are no change; deletions do not show.</summary>
    public static HubQuery ChangedSince(DateTimeOffset since) => new(since);
}
