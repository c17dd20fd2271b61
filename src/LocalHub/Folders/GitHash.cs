using System.Security.Cryptography;
using System.Text;

namespace DynaHug.LocalHub.Folders;

/// <summary>Names content as git does: sha1 over <c>"{type} {length}\0"</c> and the bytes.</summary>
internal static class GitHash
{
    /// <summary>The text that git keeps in the place of an LFS file (git-lfs specification, version 1).</summary>
    public static byte[] Pointer(string sha256, long size) =>
        Encoding.ASCII.GetBytes($"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n");

    public static string Of(string type, ReadOnlySpan<byte> content)
    {
        using var hash = Begin(type, content.Length);
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static IncrementalHash Begin(string type, long length)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"{type} {length}\0"));
        return hash;
    }
}
