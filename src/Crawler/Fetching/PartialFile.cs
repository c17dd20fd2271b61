using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DynaHug.Shared.Artifacts;
using Microsoft.Win32.SafeHandles;

namespace DynaHug.Crawler.Fetching;

/// <summary>
/// A file that is still arriving, in the blob store's folder for such. Named by the content it shall hold, so that a later process
/// goes on where an earlier one was cut; locked while it is written, so that two fetchers never write into one: the second
/// takes a name of its own.
/// </summary>
internal sealed partial class PartialFile : IAsyncDisposable
{
    /// <summary>EWOULDBLOCK: .NET opens with an advisory lock (flock) and reports another holder by this number.</summary>
    private const int LockedByAnother = 11;

    private const int BufferBytes = 1 << 20;

    /// <summary>
    /// Bytes written by one call. Linux makes its cache of pages as large as what is written at once, and takes large ones from memory that was not used yet, which a virtual machine first has to be
    /// given: measured on one, 2 GiB took 1.2 s of the kernel's time in slices of 16 KiB, and 6 s in slices of 256 KiB.
    /// </summary>
    private const int SliceBytes = 16 << 10;

    /// <summary>Bytes after which the disk is told to begin: it then works while more arrive, instead of all at the end.</summary>
    private const int WriteBackBytes = 16 << 20;

    /// <summary>SYNC_FILE_RANGE_WRITE of sync_file_range(2).</summary>
    private const uint BeginWriting = 2;

    private readonly string place;
    private readonly SafeFileHandle handle;
    private readonly bool shared;
    private bool adopted;
    private long begun;

    private PartialFile(string place, bool shared)
    {
        this.place = place;
        this.shared = shared;
        handle = File.OpenHandle(place, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.SequentialScan);
        Length = RandomAccess.GetLength(handle);
    }

    /// <summary>Bytes that are here already.</summary>
    public long Length { get; private set; }

    public static PartialFile Open(BlobStore blobs, ContentKey content)
    {
        var place = Path.Combine(blobs.Incoming, $"{content.Value}.part");
        try
        {
            return new PartialFile(place, shared: true);
        }
        catch (IOException busy) when (busy.HResult == LockedByAnother)
        {
            return new PartialFile($"{place}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}", shared: false);
        }
        catch (Exception failure) when (BlobStoreException.Explains(failure))
        {
            throw BlobStoreException.Of($"'{place}' cannot be opened", failure);
        }
    }

    /// <summary>Hashes what is here.</summary>
    public async Task HashAsync(ContentHashes hashes, CancellationToken cancel)
    {
        var buffer = new byte[Math.Min(BufferBytes, Length)];
        for (var done = 0L; done < Length;)
        {
            var count = await RandomAccess.ReadAsync(handle, buffer, done, cancel);
            if (count == 0)
            {
                throw new IOException($"'{place}' became shorter while it was read");
            }

            hashes.Append(buffer.AsSpan(0, count));
            done += count;
        }
    }

    /// <exception cref="BlobStoreException">The disk is full, or cannot be written.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                var slice = bytes[..Math.Min(SliceBytes, bytes.Length)];
                RandomAccess.Write(handle, slice, Length);
                Length += slice.Length;
                bytes = bytes[slice.Length..];
            }
        }
        catch (Exception failure) when (BlobStoreException.Explains(failure))
        {
            throw BlobStoreException.Of($"'{place}' cannot be written", failure);
        }

        if (Length - begun >= WriteBackBytes)
        {
            // Only a hint: where a file system does not know it, flushing at the end does all.
            _ = BeginWriteBack(handle, begun, Length - begun, BeginWriting);
            begun = Length;
        }
    }

    public void Clear()
    {
        RandomAccess.SetLength(handle, 0);
        (Length, begun) = (0, 0);
    }

    /// <summary>Gives the finished file to the store, on disk before it has its name there.</summary>
    public async Task AdoptIntoAsync(BlobStore blobs, Sha256 artifact, CancellationToken cancel)
    {
        await Task.Run(() => RandomAccess.FlushToDisk(handle), cancel);
        await blobs.AdoptAsync(place, handle, BlobKey.Of(artifact), cancel);
        adopted = true;
    }

    public ValueTask DisposeAsync()
    {
        if (!adopted && (!shared || Length == 0) && File.Exists(place))
        {
            File.Delete(place);
        }

        handle.Dispose();
        return ValueTask.CompletedTask;
    }

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int BeginWriteBack(SafeFileHandle file, long offset, long count, uint how);
}
