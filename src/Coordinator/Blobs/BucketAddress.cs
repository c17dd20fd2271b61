using System.Text.RegularExpressions;
using DynaHug.Coordinator.Hosting;
using DynaHug.Shared;

namespace DynaHug.Coordinator.Blobs;

/// <summary>Where a bucket of an S3-compatible object store is. Holds no credentials: those come from the environment (<see cref="BucketKeys"/>).</summary>
/// <param name="Prefix">What keys of blobs begin with: empty, or ending with a slash.</param>
/// <param name="Endpoint">The store's own address; null for that of AWS in <paramref name="Region"/>.</param>
public sealed partial record BucketAddress(string Bucket, string Prefix, Uri? Endpoint, string Region)
{
    public const string Form = "s3://bucket[/prefix][?endpoint=https://host[:port]][&region=…]";

    /// <summary>What stores that have no regions are told.</summary>
    private const string AnyRegion = "us-east-1";

    public static bool Is(string place) => place.StartsWith("s3:", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="UsageException">It is no such address, or one that bytes would go to unencrypted beyond this machine.</exception>
    public static BucketAddress Parse(string place)
    {
        if (!Uri.TryCreate(place, UriKind.Absolute, out var address) || address.Scheme != "s3" || !BucketName().IsMatch(address.Host) || address.UserInfo.Length > 0 || !address.IsDefaultPort)
        {
            throw new UsageException($"--blobs is no address of a bucket; expected {Form}, with the credentials in {BucketKeys.IdVariable} and {BucketKeys.SecretVariable}");
        }

        var (endpoint, region) = ReadQuery(address.Query);
        var prefix = Uri.UnescapeDataString(address.AbsolutePath).Trim('/');
        return new BucketAddress(
            address.Host,
            prefix.Length > 0 ? $"{prefix}/" : "",
            endpoint,
            region ?? (endpoint is not null ? AnyRegion : throw new UsageException("--blobs names a bucket of AWS without its region; add ?region=…, or ?endpoint=… for another store")));
    }

    public override string ToString() => $"s3://{Bucket}/{Prefix.TrimEnd('/')}{(Endpoint is null ? $" in {Region}" : $" at {Endpoint.Authority}")}";

    private static (Uri? Endpoint, string? Region) ReadQuery(string query)
    {
        var (endpoint, region) = (default(Uri), default(string));
        foreach (var parameter in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = parameter.Split('=', 2) is [var key, var text] ? (key, Uri.UnescapeDataString(text)) : (parameter, "");
            switch (name)
            {
                case "endpoint" when Uri.TryCreate(value, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https":
                    endpoint = parsed.Scheme == "https" || parsed.IsLoopback ? parsed
                        : throw new UsageException("--blobs names an endpoint without TLS beyond this machine, and what is loaded comes from there; use https");
                    break;
                case "region" when RegionName().IsMatch(value):
                    region = value;
                    break;
                default:
                    throw new UsageException($"--blobs cannot have '{Printable.Of(name, 40)}' like that; expected {Form}");
            }
        }

        return (endpoint, region);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();

    [GeneratedRegex("^[a-z0-9-]{1,40}$")]
    private static partial Regex RegionName();
}
