using System.Security.Cryptography;
using DynaHug.Shared.Artifacts;
using Microsoft.Win32.SafeHandles;

namespace DynaHug.Coordinator.Blobs;

/// <summary>
/// A blob store in a bucket of an S3-compatible object store (docs/adr/0023). Keys are the same as places in a folder. Bytes are read from a cache of this machine, and get there
/// only with their hash checked: against the name, or for a program, which goes packed without its holes, against what was kept beside it. S3 has no way to make an
/// object young again but writing it anew; an empty object under <c>renewed/</c> says when it was last asked for.
/// </summary>
internal sealed class BlobBucket : BlobStore, IDisposable
{
    private const string Renewed = "renewed/";
    private const string PartSuffix = ".part";

    private readonly Bucket bucket;
    private readonly BlobCache cache;

    /// <param name="folder">For cache and unfinished files; nobody else may use it.</param>
    /// <param name="cacheBytes">Bytes that blobs may take here while nobody uses them.</param>
    public BlobBucket(Bucket bucket, string folder, long cacheBytes)
    {
        this.bucket = bucket;
        cache = new BlobCache(Path.Combine(folder, "cache"), cacheBytes);
        Incoming = Path.Combine(folder, "incoming");
        foreach (var left in Directory.CreateDirectory(Incoming).EnumerateFiles().Where(file => !file.Name.EndsWith(PartSuffix, StringComparison.Ordinal)))
        {
            left.Delete(); // of a process that was killed; downloads from a hub go on
        }
    }

    public override string Incoming { get; }

    public override Task RequireAsync(CancellationToken cancel) => bucket.RequireAsync(cancel);

    public override Task<bool> ContainsAsync(BlobKey key, CancellationToken cancel) => bucket.HasAsync(key.Place, cancel);

    public override async Task<bool> TryRenewAsync(BlobKey key, CancellationToken cancel)
    {
        if (!await bucket.HasAsync(key.Place, cancel))
        {
            return false;
        }

        await bucket.MarkAsync(Renewed + key.Place, cancel);
        return true;
    }

    public override Task<LocalBlob> OpenAsync(BlobKey key, CancellationToken cancel) => cache.OpenAsync(key, place => BringAsync(key, place, cancel), cancel);

    public override async Task AdoptAsync(string finished, SafeFileHandle opened, BlobKey key, CancellationToken cancel)
    {
        if (key.IsProgram)
        {
            await PutPackedAsync(opened, key, cancel);
        }
        else
        {
            await bucket.PutAsync(key.Place, opened, key.Name, cancel);
        }

        using var kept = await cache.OpenAsync(
            key,
            place =>
            {
                Settle(finished, place);
                return Task.FromResult(key.BytesOnDisk(RandomAccess.GetLength(opened)));
            },
            cancel);
        File.Delete(finished); // where it was in the cache before
    }

    public override async Task<IReadOnlyList<StoredBlob>> StoredAsync(CancellationToken cancel)
    {
        var stored = new List<StoredBlob>();
        var renewed = new Dictionary<string, DateTime>();
        await foreach (var (key, _, at) in bucket.ListAsync(Renewed, cancel))
        {
            renewed[key[Renewed.Length..]] = at;
        }

        await foreach (var (place, bytes, at) in bucket.ListAsync("", cancel))
        {
            if (BlobKey.AtPlace(place) is { } key)
            {
                stored.Add(new StoredBlob(key, bytes, renewed.TryGetValue(place, out var later) && later > at ? later : at));
            }
        }

        return stored;
    }

    public override async Task DeleteAsync(BlobKey key, CancellationToken cancel)
    {
        await bucket.DeleteAsync(key.Place, cancel);
        await bucket.DeleteAsync(Renewed + key.Place, cancel);
    }

    public void Dispose() => bucket.Dispose();

    private async Task PutPackedAsync(SafeFileHandle holed, BlobKey key, CancellationToken cancel)
    {
        await using var packed = NewFile(key);
        await HoledFile.PackAsync(holed, packed, cancel);
        packed.Position = 0;
        var hash = Sha256.FromBytes(await SHA256.HashDataAsync(packed, cancel));
        await bucket.PutAsync(key.Place, packed.SafeFileHandle, hash, cancel);
    }

    /// <summary>Downloads a blob, checks it, and puts it at its place in the cache.</summary>
    private async Task<long> BringAsync(BlobKey key, string place, CancellationToken cancel)
    {
        var (arrived, unpacked) = (NewPlace(key), NewPlace(key));
        try
        {
            var (came, kept) = await bucket.FetchAsync(key.Place, arrived, cancel);
            if (came != (key.IsProgram ? kept : key.Name))
            {
                throw new InvalidDataException($"the blob store gave other bytes than it was given: {key} has the hash {came}");
            }

            if (key.IsProgram)
            {
                await using var packed = File.OpenRead(arrived);
                await HoledFile.UnpackAsync(packed, unpacked, cancel);
            }

            var checkedFile = key.IsProgram ? unpacked : arrived;
            var bytes = key.BytesOnDisk(new FileInfo(checkedFile).Length);
            Settle(checkedFile, place);
            return bytes;
        }
        finally
        {
            File.Delete(arrived);
            File.Delete(unpacked);
        }
    }

    /// <summary>A file that is gone when it is closed.</summary>
    private FileStream NewFile(BlobKey key) => new(NewPlace(key), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);

    private string NewPlace(BlobKey key) => Path.Combine(Incoming, $"{key.Name.Hex}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
}
