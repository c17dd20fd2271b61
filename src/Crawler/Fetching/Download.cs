using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;

namespace DynaHug.Crawler.Fetching;

/// <summary>
/// One attempt to get one file whole: the bytes so far, their hashes, and what was declared. Bytes are hashed and written while the next ones arrive.
/// </summary>
internal sealed class Download(RepoFile file, PartialFile partial, CancellationToken cancel) : IAsyncDisposable
{
    private ContentHashes hashes = new(file.Content, file.Size);
    private Task keeping = Task.CompletedTask;

    /// <summary>Bytes that are on disk and hashed, or about to be.</summary>
    public long Have { get; private set; }

    public bool IsWhole => Have == file.Size;

    /// <summary>Bytes that are still to come.</summary>
    public long Missing => file.Size - Have;

    /// <summary>Where the file lies on the file host, once one stream from there has turned out slow; null otherwise.</summary>
    public Uri? SlowSource { get; set; }

    /// <summary>Takes over what an earlier attempt, perhaps of another process, left.</summary>
    public async Task BeginAsync()
    {
        if (partial.Length > file.Size)
        {
            partial.Clear();
        }

        await partial.HashAsync(hashes, cancel);
        Have = partial.Length;
    }

    /// <summary>
    /// Keeps bytes; false, and none kept, where they would exceed the declared size. Returns when the bytes of the call before are kept: these ones may be
    /// overwritten only after the next call has returned.
    /// </summary>
    public async Task<bool> TakeAsync(ReadOnlyMemory<byte> bytes)
    {
        await keeping;
        if (bytes.Length > Missing)
        {
            return false;
        }

        keeping = Task.Run(() => Keep(bytes), cancel);
        Have += bytes.Length;
        return true;
    }

    /// <summary>Forgets the bytes: the answer begins at the start again, or does not fit to them.</summary>
    public async Task StartOverAsync()
    {
        await keeping;
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
    public async Task<FetchResult> MismatchAsync(string delivered)
    {
        await keeping;
        partial.Clear();
        return new FetchResult.NotFetched(Outcome.Corrupt, $"hub delivered other bytes than it named: {delivered} instead of {file.Size} bytes of {file.Content}");
    }

    /// <summary>Checks the hash of the whole and stores it.</summary>
    public async Task<FetchResult> FinishAsync(BlobStore blobs)
    {
        await keeping;
        var (artifact, named, asExpected) = hashes.Finish();
        if (!asExpected)
        {
            return await MismatchAsync(named.Value);
        }

        await partial.AdoptIntoAsync(blobs, artifact, cancel);
        return new FetchResult.Stored(artifact);
    }

    /// <summary>What still runs uses the hashes and the file; how it ends, whoever waited for it has heard.</summary>
    public async ValueTask DisposeAsync()
    {
        await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        hashes.Dispose();
    }

    /// <summary>Both while the bytes are in the processor's cache.</summary>
    private void Keep(ReadOnlyMemory<byte> bytes)
    {
        hashes.Append(bytes.Span);
        partial.Append(bytes.Span);
    }
}
