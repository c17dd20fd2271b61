using System.Globalization;

namespace DynaHug.Crawler.Hub.Transport;

/// <summary>One <c>RateLimit</c> header (draft-ietf-httpapi-ratelimit-headers-09): <c>"api";r=499;t=172</c>.</summary>
/// <param name="Bucket">Name of the quota.</param>
/// <param name="Left">Requests left in the window.</param>
/// <param name="Reset">Time until the window ends.</param>
internal sealed record RateLimit(string Bucket, long Left, TimeSpan Reset)
{
    public const string Header = "RateLimit";

    /// <summary>Longer waits are not believed: the hub's windows last five minutes.</summary>
    public static readonly TimeSpan LongestWait = Shared.Hub.HubBudgetState.LongestWait;

    /// <summary>Reads the header; null where it is missing or not understood.</summary>
    public static RateLimit? Of(HttpResponseMessage response) =>
        response.Headers.TryGetValues(Header, out var values) ? Parse(values.First()) : null;

    /// <summary>The quota of a whole window by the policy header, <c>"fixed window";"api";q=500;w=300</c>; null where it names another bucket or none.</summary>
    public static long? QuotaOf(HttpResponseMessage response, string bucket)
    {
        if (!response.Headers.TryGetValues("RateLimit-Policy", out var values))
        {
            return null;
        }

        var parts = values.First().Split(';', StringSplitOptions.TrimEntries);
        return parts.Contains($"\"{bucket}\"") ? Number(parts, "q=") : null;
    }

    public static RateLimit? Parse(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        var left = Number(parts, "r=");
        var reset = Number(parts, "t=");
        return left is null || reset is null || parts[0].Length > 64
            ? null
            : new RateLimit(parts[0].Trim('"'), left.Value, TimeSpan.FromSeconds(Math.Min(reset.Value, LongestWait.TotalSeconds)));
    }

    private static long? Number(string[] parts, string key) =>
        Array.Find(parts, part => part.StartsWith(key, StringComparison.Ordinal)) is { } part
        && long.TryParse(part.AsSpan(key.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
