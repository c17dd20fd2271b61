using System.Security.Cryptography;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Crawler.Fetching;

/// <summary>
/// A file that is still arriving, in the blob store's folder for such. Named by the content it shall hold, so that a later process
/// goes on where an earlier one was cut; locked while it is written, so that two fetchers never write into one: the second
/// takes a name of its own.
/// </summary>
internal sealed class PartialFile : IAsyncDisposable
{
    /// <summary>EWOULDBLOCK: .NET opens with an advisory lock (flock) and reports another holder by this number.</summary>
    private const int LockedByAnother = 11;

    private readonly FileStream stream;
    private readonly bool shared;
    private bool adopted;

    private PartialFile(FileStream stream, bool shared)
    {
        this.stream = stream;
        this.shared = shared;
    }

    /// <summary>Bytes that are here already.</summary>
    public long Length => stream.Length;

    public static PartialFile Open(BlobStore blobs, ContentKey content)
    {
        var place = Path.Combine(blobs.Incoming, $"{content.Value}.part");
        try
        {
            return new PartialFile(Open(place), shared: true);
        }
        catch (IOException busy) when (busy.HResult == LockedByAnother)
        {
            return new PartialFile(Open($"{place}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}"), shared: false);
        }
    }

    /// <summary>Hashes what is here.</summary>
    public async Task HashAsync(ContentHashes hashes, byte[] buffer, CancellationToken cancel)
    {
        stream.Position = 0;
        while (await stream.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            hashes.Append(buffer.AsSpan(0, count));
        }
    }

    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        stream.Position = stream.Length;
        return stream.WriteAsync(bytes, cancel);
    }

    public void Clear() => stream.SetLength(0);

    /// <summary>Gives the finished file to the store, on disk before it has its name there.</summary>
    public void AdoptInto(BlobStore blobs, Sha256 artifact)
    {
        stream.Flush(flushToDisk: true);
        blobs.Adopt(stream.Name, artifact);
        adopted = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!adopted && (!shared || stream.Length == 0))
        {
            File.Delete(stream.Name);
        }

        await stream.DisposeAsync();
    }

    private static FileStream Open(string place) => new(place, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        BufferSize = 0,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
    });
}
