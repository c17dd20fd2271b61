using System.Net;
using DynaHug.Shared;

namespace DynaHug.Crawler.Hub.Transport;

/// <summary>
/// Follows redirects of GET requests, each hop as a request of its own through the handlers beneath, which decide anew whether the
/// token goes along. Never from https to http, never to another scheme or an address literal that <see cref="AddressRule"/> refuses.
/// </summary>
internal sealed class RedirectHandler(AddressRule rule) : DelegatingHandler
{
    private const int MaxHops = 5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var hop = 0; ; hop++)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return response;
            }

            using (response)
            {
                if (hop == MaxHops)
                {
                    throw new RefusedRedirectException($"the hub redirects more than {MaxHops} times; gave up");
                }

                request = Follow(request, Check(request.RequestUri!, location));
            }
        }
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private Uri Check(Uri from, Uri location)
    {
        var target = new Uri(from, location);
        var refusal = target.Scheme is not ("http" or "https") ? "neither http nor https"
            : from.Scheme == "https" && target.Scheme == "http" ? "from https to http"
            : IPAddress.TryParse(target.IdnHost, out var literal) && !rule.Allows(target.IdnHost, target.Port, literal) ? "to a private address"
            : null;
        return refusal is null ? target : throw new RefusedRedirectException($"the hub redirects to {Printable.Of(target.GetLeftPart(UriPartial.Authority), 100)}, {refusal}; refused");
    }

    private static HttpRequestMessage Follow(HttpRequestMessage request, Uri target)
    {
        var next = new HttpRequestMessage(HttpMethod.Get, target) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach (var (name, values) in request.Headers.Where(header => !header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)))
        {
            next.Headers.TryAddWithoutValidation(name, values);
        }

        HubRequest.Of(request).CopyTo(next);
        return next;
    }
}
