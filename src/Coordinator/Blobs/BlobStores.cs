using DynaHug.Coordinator.Hosting;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.Blobs;

/// <summary>Opens the blob store that a node's options name.</summary>
internal static class BlobStores
{
    /// <exception cref="UsageException">A bucket is named, and the environment holds no credentials.</exception>
    public static BlobStore Open(NodeOptions options) => options.Bucket is { } address
        ? new BlobBucket(new Bucket(address, BucketKeys.FromEnvironment()), Path.Combine(options.DataFolder, "bucket"), options.BlobCacheBytes)
        : new BlobFolder(options.BlobFolder);

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
}
