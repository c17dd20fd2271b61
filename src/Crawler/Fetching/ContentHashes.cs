using System.Security.Cryptography;
using System.Text;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Crawler.Fetching;

/// <summary>The hashes of a file while it arrives: sha256 always, git's blob sha1 (over <c>"blob {length}\0"</c> and the bytes) where the content is named by it.</summary>
internal sealed class ContentHashes : IDisposable
{
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? git;
    private readonly ContentKey expected;

    public ContentHashes(ContentKey expected, long size)
    {
        this.expected = expected;
        if (expected.GitOid is not null)
        {
            // Git names blobs by SHA-1; nothing here relies on it beyond the hub's own naming.
            git = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
            git.AppendData(Encoding.ASCII.GetBytes($"blob {size}\0"));
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        sha256.AppendData(bytes);
        git?.AppendData(bytes);
    }

    /// <summary>Ends the hashing: what came, by sha256, and whether it is what was named.</summary>
    public (Sha256 Artifact, ContentKey Named, bool AsExpected) Finish()
    {
        var artifact = Sha256.FromBytes(sha256.GetHashAndReset());
        var named = git is null ? ContentKey.Of(artifact) : ContentKey.OfGit(Convert.ToHexStringLower(git.GetHashAndReset()));
        return (artifact, named, named == expected);
    }

    public void Dispose()
    {
        sha256.Dispose();
        git?.Dispose();
    }
}
