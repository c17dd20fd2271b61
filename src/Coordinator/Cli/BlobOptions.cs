using System.CommandLine;
using System.CommandLine.Parsing;
using DynaHug.Coordinator.Blobs;
using DynaHug.Coordinator.Hosting;

namespace DynaHug.Coordinator.Cli;

/// <summary>Which blob store, as several commands ask for it. Credentials of a bucket come from the environment.</summary>
internal sealed class BlobOptions
{
    private readonly Option<string?> place = new("--blobs")
    {
        Description = $"Blob store, shared by all nodes: a folder, or {BucketAddress.Form} with {BucketKeys.IdVariable} and {BucketKeys.SecretVariable} in the environment; the data folder's 'blobs' by default.",
    };

    private readonly Option<int> cache = new("--blob-cache") { Description = "Gigabytes of a bucket's blobs that this machine keeps while nobody uses them.", DefaultValueFactory = _ => 8 };

    public void AddTo(Command command)
    {
        command.Add(place);
        command.Add(cache);
    }

    /// <summary>Null where none is named, or a bucket.</summary>
    public string? Folder(ParseResult parsed) => parsed.GetValue(place) is { } named && !BucketAddress.Is(named) ? named : null;

    /// <summary>Null where none is named.</summary>
    /// <exception cref="UsageException">It is no address of a bucket.</exception>
    public BucketAddress? Bucket(ParseResult parsed) => parsed.GetValue(place) is { } named && BucketAddress.Is(named) ? BucketAddress.Parse(named) : null;

    public long CacheBytes(ParseResult parsed) => (long)parsed.GetValue(cache) << 30;
}
