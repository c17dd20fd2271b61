using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DynaHug.LocalHub.Serving;

/// <summary>Addresses on the file host: good for one content and a limited time, proved by an HMAC under a key of this process.</summary>
internal sealed class SignedAddress(TimeSpan lifetime, TimeProvider clock)
{
    public const string Prefix = "/blob/";

    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Path and query for a content.</summary>
    public string Of(string sha256)
    {
        var expires = (clock.GetUtcNow() + lifetime).ToUnixTimeSeconds();
        return $"{Prefix}{sha256}?expires={expires}&sig={Sign(sha256, expires)}";
    }

    public bool IsGood(string sha256, string? expires, string? signature) =>
        long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
        && until >= clock.GetUtcNow().ToUnixTimeSeconds()
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(sha256, until)), Encoding.ASCII.GetBytes(signature ?? ""));

    private string Sign(string sha256, long expires) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"{sha256} {expires}")));
}
