using System.Security.Cryptography;

namespace DynaHug.Shared.Artifacts;

/// <summary>A sha256 hash as 64 lower-case hex digits: the name of an artifact or blob. Cannot hold anything else.</summary>
public sealed record Sha256
{
    private Sha256(string hex) => Hex = hex;

    public string Hex { get; }

    /// <exception cref="FormatException">Not 64 hex digits.</exception>
    public static Sha256 Parse(string hex) =>
        TryParse(hex) ?? throw new FormatException($"'{Printable.Of(hex, 80)}' is no sha256; expected 64 hex digits");

    public static Sha256? TryParse(string? hex) =>
        hex is { Length: 64 } && hex.All(char.IsAsciiHexDigit) ? new Sha256(hex.ToLowerInvariant()) : null;

    public static Sha256 FromBytes(ReadOnlySpan<byte> digest) => Parse(Convert.ToHexStringLower(digest));

    public static Sha256 OfBytes(ReadOnlySpan<byte> content) => FromBytes(SHA256.HashData(content));

    public static async Task<Sha256> OfFileAsync(string path, CancellationToken cancel)
    {
        await using var stream = File.OpenRead(path);
        return FromBytes(await SHA256.HashDataAsync(stream, cancel).ConfigureAwait(false));
    }

    public override string ToString() => Hex;
}
