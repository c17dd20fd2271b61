using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace DynaHug.LocalHub.Serving;

/// <summary>Counts requests in fixed windows by bucket and says on every answer what is left (draft-ietf-httpapi-ratelimit-headers-09).</summary>
internal sealed class Quotas(LocalHubOptions options, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long StartedAt, long Used)> windows = [];

    /// <summary>Counts a request and writes the headers; false where the quota was used up before.</summary>
    public bool Take(HttpContext context, RouteKind? kind)
    {
        var (bucket, quota) = kind switch
        {
            RouteKind.Resolve => ("resolvers", options.ResolverQuota),
            RouteKind.Raw or null => ("pages", options.ResolverQuota),
            _ => ("api", options.ApiQuota),
        };
        var (used, left) = Count(bucket);
        var reset = Math.Max(1, (long)Math.Ceiling(left.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var headers = context.Response.Headers;
        headers["RateLimit"] = $"\"{bucket}\";r={Math.Max(0, quota - used)};t={reset}";
        headers["RateLimit-Policy"] = $"\"fixed window\";\"{bucket}\";q={quota};w={options.QuotaWindow.TotalSeconds:0}";
        if (used <= quota)
        {
            return true;
        }

        headers.RetryAfter = reset;
        return false;
    }

    public HubError Exceeded(RouteKind? kind)
    {
        var (quota, what) = kind == RouteKind.Resolve ? (options.ResolverQuota, "resolvers") : (options.ApiQuota, "api");
        return new HubError(429, null, $"We had to rate limit you, you hit the quota of {quota} {what} requests per {options.QuotaWindow.TotalMinutes:0.##} minutes period.");
    }

    private (long Used, TimeSpan Left) Count(string bucket)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            var window = windows.TryGetValue(bucket, out var known) && clock.GetElapsedTime(known.StartedAt, now) < options.QuotaWindow ? known : (StartedAt: now, Used: 0);
            window.Used++;
            windows[bucket] = window;
            return (window.Used, options.QuotaWindow - clock.GetElapsedTime(window.StartedAt, now));
        }
    }
}
