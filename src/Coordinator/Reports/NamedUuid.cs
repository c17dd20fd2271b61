using System.Security.Cryptography;
using System.Text;

namespace DynaHug.Coordinator.Reports;

/// <summary>UUIDs made of a name (RFC 9562, version 5), so that the same thing has the same id in every report.</summary>
internal static class NamedUuid
{
    public static Guid Of(Guid space, string name)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // the version is defined with SHA-1; nothing is protected by it
        SHA1.HashData([.. space.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)], hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
