using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;

namespace DynaHug.Crawler.Fetching;

/// <summary>One attempt to get one file whole: the bytes so far, their hashes, and what was declared.</summary>
internal sealed class Download(RepoFile file, PartialFile partial, CancellationToken cancel) : IDisposable
{
    private ContentHashes hashes = new(file.Content, file.Size);

    /// <summary>Bytes that are on disk and hashed.</summary>
    public long Have { get; private set; }

    public bool IsWhole => Have == file.Size;

    /// <summary>Takes over what an earlier attempt, perhaps of another process, left.</summary>
    public async Task BeginAsync()
    {
        if (partial.Length > file.Size)
        {
            partial.Clear();
        }

        await partial.HashAsync(hashes, new byte[1 << 18], cancel);
        Have = partial.Length;
    }

    /// <summary>Keeps bytes; false, and none kept, where they would exceed the declared size.</summary>
    public async Task<bool> TakeAsync(ReadOnlyMemory<byte> bytes)
    {
        if (Have + bytes.Length > file.Size)
        {
            return false;
        }

        await partial.AppendAsync(bytes, cancel);
        hashes.Append(bytes.Span);
        Have += bytes.Length;
        return true;
    }

    /// <summary>Forgets the bytes: the answer begins at the start again, or does not fit to them.</summary>
    public void StartOver()
    {
        if (Have == 0)
        {
            return;
        }

        partial.Clear();
        hashes.Dispose();
        hashes = new ContentHashes(file.Content, file.Size);
        Have = 0;
    }

    /// <summary>Other bytes than declared: none of them stay.</summary>
    public FetchResult Mismatch(string delivered)
    {
        partial.Clear();
        return new FetchResult.NotFetched(Outcome.Corrupt, $"hub delivered other bytes than it named: {delivered} instead of {file.Size} bytes of {file.Content}");
    }

    /// <summary>Checks the hash of the whole and stores it.</summary>
    public FetchResult Finish(BlobStore blobs)
    {
        var (artifact, named, asExpected) = hashes.Finish();
        if (!asExpected)
        {
            return Mismatch(named.Value);
        }

        partial.AdoptInto(blobs, artifact);
        return new FetchResult.Stored(artifact);
    }

    public void Dispose() => hashes.Dispose();
}
