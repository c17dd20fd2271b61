using System.Net.Http.Headers;

namespace DynaHug.Crawler.Hub.Transport;

/// <summary>Puts the token on requests to the hub, and takes any off requests to other hosts, schemes and ports. The one place that touches it.</summary>
internal sealed class TokenHandler(HubOptions options, AddressRule rule) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = options.Token is { } token && rule.IsHub(request.RequestUri!) ? new AuthenticationHeaderValue("Bearer", token) : null;
        return base.SendAsync(request, cancellationToken);
    }
}
