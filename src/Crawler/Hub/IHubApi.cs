using Refit;

namespace DynaHug.Crawler.Hub;

/// <summary>
/// The hub's HTTP API, as far as a crawler needs it. Answers come raw, at their headers: what is in them is hostile, and
/// <see cref="HubAnswer"/> reads it within limits.
/// </summary>
internal interface IHubApi
{
    /// <param name="expand">The fields wanted; repeated in the query.</param>
    [Get("/api/models")]
    Task<HttpResponseMessage> ListAsync(
        string? sort,
        int limit,
        string? author,
        [AliasAs("pipeline_tag")] string? task,
        string? filter,
        [Query(CollectionFormat.Multi)] string[]? expand,
        [Property(RequestPolicy.Key)] RequestPolicy policy,
        CancellationToken cancel);

    /// <summary>A further page of a listing or tree; the address holds every parameter.</summary>
    [Get("")]
    Task<HttpResponseMessage> PageAsync([Url] Uri page, [Property(RequestPolicy.Key)] RequestPolicy policy, CancellationToken cancel);

    [Get("/api/models/{**id}/revision/{revision}")]
    Task<HttpResponseMessage> RevisionAsync(string id, string revision, bool securityStatus, [Property(RequestPolicy.Key)] RequestPolicy policy, CancellationToken cancel);

    [Get("/api/models/{**id}/tree/{revision}")]
    Task<HttpResponseMessage> TreeAsync(string id, string revision, bool recursive, [Property(RequestPolicy.Key)] RequestPolicy policy, CancellationToken cancel);

    [Get("/api/whoami-v2")]
    Task<HttpResponseMessage> WhoAmIAsync([Property(RequestPolicy.Key)] RequestPolicy policy, CancellationToken cancel);

    /// <summary>Part of a file on the file host that an earlier answer led to.</summary>
    [Headers("Accept-Encoding: identity")]
    [Get("")]
    Task<HttpResponseMessage> FileAsync([Url] Uri address, [Header("Range")] string range, [Property(RequestPolicy.Key)] RequestPolicy policy, CancellationToken cancel);

    /// <param name="range">For instance <c>bytes=100-</c>.</param>
    [Headers("Accept-Encoding: identity")]
    [Get("/{**id}/resolve/{commit}/{**path}")]
    Task<HttpResponseMessage> ResolveAsync(string id, string commit, string path, [Header("Range")] string? range, [Property(RequestPolicy.Key)] RequestPolicy policy, CancellationToken cancel);
}
