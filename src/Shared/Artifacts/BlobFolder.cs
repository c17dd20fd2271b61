using Microsoft.Win32.SafeHandles;

namespace DynaHug.Shared.Artifacts;

/// <summary>A blob store in one folder, shared by all nodes where there are several: <c>{root}/{first two hex digits}/{sha256}</c>. A blob gets its name by a rename inside the folder.</summary>
public sealed class BlobFolder : BlobStore
{
    private const int ProbeBytes = 1 << 16;

    private readonly string root;
    private readonly TimeProvider clock;

    public BlobFolder(string root, TimeProvider? clock = null)
    {
        this.root = Path.GetFullPath(root);
        this.clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(Incoming);
    }

    /// <summary>On the same file system as the blobs.</summary>
    public override string Incoming => Path.Combine(root, "incoming");

    /// <summary>Where the blob lies or would lie.</summary>
    public string PathOf(BlobKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Path.Combine(root, key.Place);
    }

    /// <inheritdoc cref="PathOf(BlobKey)"/>
    public string PathOf(Sha256 content) => PathOf(BlobKey.Of(content));

    public override async Task RequireAsync(CancellationToken cancel)
    {
        var probe = Path.Combine(Incoming, $"probe.{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllBytesAsync(probe, new byte[ProbeBytes], cancel);
        }
        catch (Exception failure) when (BlobStoreException.Explains(failure))
        {
            throw BlobStoreException.Of($"'{root}' cannot be written", failure);
        }
        finally
        {
            if (File.Exists(probe))
            {
                File.Delete(probe);
            }
        }
    }

    public override Task<bool> ContainsAsync(BlobKey key, CancellationToken cancel) => Task.FromResult(IsHere(PathOf(key)));

    public override Task<bool> TryRenewAsync(BlobKey key, CancellationToken cancel)
    {
        var place = PathOf(key);
        if (!IsHere(place))
        {
            return Task.FromResult(false);
        }

        try
        {
            File.SetLastWriteTimeUtc(place, clock.GetUtcNow().UtcDateTime);
            return Task.FromResult(true);
        }
        catch (FileNotFoundException)
        {
            return Task.FromResult(false);
        }
        catch (Exception failure) when (BlobStoreException.Explains(failure))
        {
            throw BlobStoreException.Of($"'{root}' cannot be written", failure);
        }
    }

    public override Task<LocalBlob> OpenAsync(BlobKey key, CancellationToken cancel)
    {
        var place = PathOf(key);
        return IsHere(place) ? Task.FromResult(new LocalBlob(place)) : throw new FileNotFoundException($"the blob store does not have {key}", place);
    }

    public override Task AdoptAsync(string finished, SafeFileHandle opened, BlobKey key, CancellationToken cancel)
    {
        try
        {
            Settle(finished, PathOf(key));
            return Task.CompletedTask;
        }
        catch (Exception failure) when (BlobStoreException.Explains(failure))
        {
            throw BlobStoreException.Of($"'{root}' cannot be written", failure);
        }
    }

    public override Task<IReadOnlyList<StoredBlob>> StoredAsync(CancellationToken cancel)
    {
        var stored = new List<StoredBlob>();
        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancel.ThrowIfCancellationRequested();
            if (BlobKey.AtPlace(Path.GetRelativePath(root, file.FullName)) is { } key)
            {
                stored.Add(new StoredBlob(key, key.BytesOnDisk(file.Length), file.LastWriteTimeUtc));
            }
        }

        return Task.FromResult<IReadOnlyList<StoredBlob>>(stored);
    }

    public override Task DeleteAsync(BlobKey key, CancellationToken cancel)
    {
        var place = PathOf(key);
        if (IsHere(place))
        {
            File.Delete(place);
        }

        return Task.CompletedTask;
    }

    /// <exception cref="BlobStoreException">The whole folder is gone, so that nothing can be said.</exception>
    private bool IsHere(string place)
    {
        if (File.Exists(place))
        {
            return true;
        }

        return Directory.Exists(Incoming) ? false : throw new BlobStoreException($"the blob store fails: the folder '{root}' is gone");
    }
}
