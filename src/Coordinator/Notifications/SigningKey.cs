using System.Security.Cryptography;
using System.Text;
using DynaHug.Coordinator.Hosting;
using DynaHug.Shared.Desk;

namespace DynaHug.Coordinator.Notifications;

/// <summary>
/// Signs notifications. One random key of the node gives each webhook a secret of its own (HKDF, RFC 5869, with the webhook's id), so that no secret lies in the journal. The key is
/// <c>DYNAHUG_SIGNING_KEY</c>, the same on every coordinator, or a file of the data folder that only its owner may read.
/// </summary>
public sealed class SigningKey
{
    public const string Header = "X-DynaHug-Signature";

    private const string Variable = "DYNAHUG_SIGNING_KEY";
    private const int Bytes = 32;

    private readonly byte[] key;

    public SigningKey(NodeOptions options)
    {
        key = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? SHA256.HashData(Encoding.UTF8.GetBytes(given)) : OfFile(Path.Combine(options.DataFolder, "signing.key"));
    }

    /// <summary>What the receiver checks signatures with; shown to admins.</summary>
    public string SecretOf(Webhook webhook) =>
        Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, Bytes, info: Encoding.UTF8.GetBytes($"dynahug webhook {webhook.Id}")));

    /// <summary><c>t=SECONDS,v1=HEX</c>: HMAC-SHA256 by the secret over the seconds since 1970, a full stop, and the body. The moment keeps a recorded one from being played again.</summary>
    public string Sign(Webhook webhook, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        var seconds = now.ToUnixTimeSeconds();
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{seconds}."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(SecretOf(webhook)), signed))}";
    }

    private static byte[] OfFile(string file)
    {
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var made = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            made.Write(RandomNumberGenerator.GetBytes(Bytes));
        }

        return File.ReadAllBytes(file);
    }
}
