namespace DynaHug.Shared.Artifacts;

/// <summary>The blob store cannot be used: gone, full, refusing. It says nothing of what was to be stored or read.</summary>
public sealed class BlobStoreException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <param name="what">What was attempted, for instance <c>'/mnt/blobs' cannot be written</c>.</param>
    public static BlobStoreException Of(string what, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return new BlobStoreException($"the blob store fails: {what}: {failure.Message}", failure);
    }

    /// <summary>Whether a failure at a file of the store is one of the store.</summary>
    public static bool Explains(Exception failure) => failure is (IOException or UnauthorizedAccessException) and not BlobStoreException;
}
