using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace DynaHug.Shared.Artifacts;

/// <summary>
/// Content-addressed files that all nodes share: a folder, or a bucket of an object store (docs/adr/0023). A blob appears under its name only whole and with the
/// hash checked; half-written ones lie in <see cref="Incoming"/> and are never read. Blobs are immutable and never executable.
/// </summary>
public abstract class BlobStore
{
    /// <summary>Folder for unfinished files, from where <see cref="AdoptAsync"/> takes them.</summary>
    public abstract string Incoming { get; }

    /// <summary>Makes sure that the store can be read and written.</summary>
    /// <exception cref="BlobStoreException">It cannot; the message says why.</exception>
    public abstract Task RequireAsync(CancellationToken cancel);

    /// <exception cref="BlobStoreException">The store cannot be used.</exception>
    public abstract Task<bool> ContainsAsync(BlobKey key, CancellationToken cancel);

    /// <inheritdoc cref="ContainsAsync(BlobKey, CancellationToken)"/>
    public Task<bool> ContainsAsync(Sha256 content, CancellationToken cancel) => ContainsAsync(BlobKey.Of(content), cancel);

    /// <summary>Whether a blob is here; if so, it counts as one that has just come, so that nobody deletes it before it is used.</summary>
    /// <exception cref="BlobStoreException">The store cannot be used.</exception>
    public abstract Task<bool> TryRenewAsync(BlobKey key, CancellationToken cancel);

    /// <summary>Brings a blob to this machine, if it is not here.</summary>
    /// <exception cref="FileNotFoundException">The store does not have it.</exception>
    /// <exception cref="InvalidDataException">Its bytes are not those that its name stands for.</exception>
    /// <exception cref="BlobStoreException">The store cannot be used.</exception>
    public abstract Task<LocalBlob> OpenAsync(BlobKey key, CancellationToken cancel);

    /// <summary>Takes a finished file of <see cref="Incoming"/>, whose hash the caller has computed from its bytes, or which is a program. The file is gone afterwards.</summary>
    /// <param name="opened">The same file, open for reading, perhaps locked by it.</param>
    /// <exception cref="BlobStoreException">The store cannot be used; the file is where it was.</exception>
    public abstract Task AdoptAsync(string finished, SafeFileHandle opened, BlobKey key, CancellationToken cancel);

    /// <summary>Everything that is here.</summary>
    /// <exception cref="BlobStoreException">The store cannot be used.</exception>
    public abstract Task<IReadOnlyList<StoredBlob>> StoredAsync(CancellationToken cancel);

    /// <summary>Deletes a blob for all nodes; those that have it open keep it until they close it.</summary>
    /// <exception cref="BlobStoreException">The store cannot be used.</exception>
    public abstract Task DeleteAsync(BlobKey key, CancellationToken cancel);

    /// <inheritdoc cref="OpenAsync"/>
    public async Task<byte[]> ReadAsync(Sha256 content, CancellationToken cancel)
    {
        using var local = await OpenAsync(BlobKey.Of(content), cancel);
        return await File.ReadAllBytesAsync(local.Path, cancel);
    }

    /// <summary>Stores bytes that we made ourselves (traces, profiles); idempotent.</summary>
    /// <exception cref="BlobStoreException">The store cannot be used.</exception>
    public async Task<Sha256> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var key = BlobKey.Of(Sha256.OfBytes(content.Span));
        if (await ContainsAsync(key, cancel))
        {
            return key.Name;
        }

        await PutAsync(key, (place, token) => File.WriteAllBytesAsync(place, content, token), cancel);
        return key.Name;
    }

    /// <summary>Stores a file that the caller writes, and whose name it vouches for.</summary>
    /// <param name="write">Makes the file at a place.</param>
    /// <exception cref="BlobStoreException">The store cannot be used.</exception>
    public async Task PutAsync(BlobKey key, Func<string, CancellationToken, Task> write, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(write);
        var unfinished = Path.Combine(Incoming, $"{key.Name.Hex}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        try
        {
            await write(unfinished, cancel);
            using var file = File.OpenHandle(unfinished);
            await AdoptAsync(unfinished, file, key, cancel);
        }
        catch (Exception failure) when (BlobStoreException.Explains(failure))
        {
            throw BlobStoreException.Of($"'{Incoming}' cannot be written", failure);
        }
        finally
        {
            TryDelete(unfinished);
        }
    }

    /// <summary>Moves a finished file to where it is read from by everybody, sandboxes included, and written by nobody.</summary>
    protected static void Settle(string finished, string place)
    {
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(finished, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Move(finished, place, overwrite: true);
    }

    /// <summary>Clears away what an attempt left; a folder that is gone holds nothing.</summary>
    private static void TryDelete(string unfinished)
    {
        if (Directory.Exists(Path.GetDirectoryName(unfinished)))
        {
            File.Delete(unfinished);
        }
    }
}
