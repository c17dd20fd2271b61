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
    Task<HttpResponseMessage> ListAsync(string? sort, int limit, [Query(CollectionFormat.Multi)] string[]? expand, [Property(HubRequest.Key)] HubRequest request, CancellationToken cancel);

    /// <summary>A further page of a listing or tree; the address holds every parameter.</summary>
    [Get("")]
    Task<HttpResponseMessage> PageAsync([Url] Uri page, [Property(HubRequest.Key)] HubRequest request, CancellationToken cancel);

    [Get("/api/models/{**id}/revision/{revision}")]
    Task<HttpResponseMessage> RevisionAsync(string id, string revision, bool securityStatus, [Property(HubRequest.Key)] HubRequest request, CancellationToken cancel);

    [Get("/api/models/{**id}/tree/{revision}")]
    Task<HttpResponseMessage> TreeAsync(string id, string revision, bool recursive, [Property(HubRequest.Key)] HubRequest request, CancellationToken cancel);

    [Get("/api/whoami-v2")]
    Task<HttpResponseMessage> WhoAmIAsync([Property(HubRequest.Key)] HubRequest request, CancellationToken cancel);

    /// <param name="range">For instance <c>bytes=100-</c>.</param>
    [Headers("Accept-Encoding: identity")]
    [Get("/{**id}/resolve/{commit}/{**path}")]
    Task<HttpResponseMessage> ResolveAsync(string id, string commit, string path, [Header("Range")] string? range, [Property(HubRequest.Key)] HubRequest request, CancellationToken cancel);
}
