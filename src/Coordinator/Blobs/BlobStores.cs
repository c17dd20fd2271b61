using DynaHug.Coordinator.Hosting;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.Blobs;

/// <summary>Opens the blob store that a node's options name.</summary>
internal static class BlobStores
{
    /// <summary>For a node, which alone uses the bucket's cache in its data folder.</summary>
    /// <exception cref="UsageException">A bucket is named, and the environment holds no credentials.</exception>
    public static BlobStore Open(NodeOptions options) => Open(options, () => Path.Combine(options.DataFolder, "bucket"));

    /// <summary>For a command that reads beside a node: a cache begins empty, so that the node's must be another one.</summary>
    /// <exception cref="UsageException">A bucket is named, and the environment holds no credentials.</exception>
    public static BlobStore OpenBeside(NodeOptions options) => Open(options, FolderOfThisProcess);

    /// <summary>Makes sure that it can be used, without opening it: a node may have it open.</summary>
    /// <exception cref="BlobStoreException">It cannot; the message says why.</exception>
    public static async Task RequireAsync(NodeOptions options, CancellationToken cancel)
    {
        if (options.Bucket is { } address)
        {
            using var bucket = new Bucket(address, BucketKeys.FromEnvironment());
            await bucket.RequireAsync(cancel);
        }
        else
        {
            await new BlobFolder(options.BlobFolder).RequireAsync(cancel);
        }
    }

    private static string FolderOfThisProcess()
    {
        var folder = Directory.CreateTempSubdirectory("dynahug-bucket-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return folder.FullName;
    }

    private static BlobStore Open(NodeOptions options, Func<string> folder) => options.Bucket is { } address
        ? new BlobBucket(new Bucket(address, BucketKeys.FromEnvironment()), folder(), options.BlobCacheBytes)
        : new BlobFolder(options.BlobFolder);
}
