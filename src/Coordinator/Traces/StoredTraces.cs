using DynaHug.Coordinator.Blobs;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Coordinator.Traces;

/// <summary>Finds what a person means by a trace: a trace file, the id of a trace, a model file or the hash of one that this data folder, or a cluster, has traced.</summary>
public sealed class StoredTraces(NodeOptions options)
{
    private const int FewestDigits = 6;

    private readonly BlobStore blobs = BlobStores.OpenBeside(options);

    /// <exception cref="UsageException">There is no such trace, or the name fits several.</exception>
    /// <exception cref="InvalidDataException">It is there and damaged.</exception>
    public async Task<RunRecord> FindAsync(string name, CancellationToken cancel)
    {
        if (File.Exists(name))
        {
            return IsTrace(name)
                ? TraceArchive.Read(await File.ReadAllBytesAsync(name, cancel))
                : await OfModelAsync(await Sha256.OfFileAsync(name, cancel), cancel)
                    ?? throw new UsageException($"'{Printable.Of(name)}' is no trace, and no trace of it is in '{options.DataFolder}'; scan it first: dynahug scan --data …");
        }

        var hex = name.ToLowerInvariant();
        if (hex.Length < FewestDigits || hex.Length > 64 || !hex.All(char.IsAsciiHexDigit))
        {
            throw new UsageException($"'{Printable.Of(name)}' is neither a file nor an id; an id is a SHA-256 or at least {FewestDigits} of its first digits");
        }

        var found = Matching(hex).Take(2).ToList();
        if (found.Count > 1)
        {
            throw new UsageException($"several things in '{options.DataFolder}' begin with {hex}; give more digits");
        }

        return ((found is [var only] ? only : Sha256.TryParse(hex)) is { } single ? await OfBlobAsync(single, cancel) ?? await OfModelAsync(single, cancel) : null)
            ?? throw new UsageException($"no trace {hex} in '{options.DataFolder}'; --data names another folder");
    }

    /// <summary>The trace that the blob is; null where it is none, or not there.</summary>
    private async Task<RunRecord?> OfBlobAsync(Sha256 blob, CancellationToken cancel)
    {
        if (!await blobs.ContainsAsync(blob, cancel))
        {
            return null;
        }

        using var local = await blobs.OpenAsync(BlobKey.Of(blob), cancel);
        return IsTrace(local.Path) ? TraceArchive.Read(await File.ReadAllBytesAsync(local.Path, cancel)) : null;
    }

    /// <summary>Blobs that begin so; of a bucket, none: only a whole id is looked up there.</summary>
    private IEnumerable<Sha256> Matching(string hex) =>
        options.Bucket is null && Directory.Exists(Path.Combine(options.BlobFolder, hex[..2]))
            ? Directory.EnumerateFiles(Path.Combine(options.BlobFolder, hex[..2]), $"{hex}*").Select(Path.GetFileName).Select(file => Sha256.Parse(file!))
            : [];

    /// <summary>The trace of a model that a node with this data folder has analysed; null where there is none.</summary>
    private async Task<RunRecord?> OfModelAsync(Sha256 model, CancellationToken cancel)
    {
        if (options.Database is null && !File.Exists(options.ReadModelFile))
        {
            return null;
        }

        var analysis = await new ReadModelQueries(new ReadModelDatabase(options.ReadModel)).AnalysisAsync(ContentKey.Of(model), cancel);
        return analysis?.Trace?.Events is { } events && await blobs.ContainsAsync(events, cancel) ? TraceArchive.Read(await blobs.ReadAsync(events, cancel)) : null;
    }

    private static bool IsTrace(string file)
    {
        Span<byte> begin = stackalloc byte[TraceArchive.Magic.Length];
        using var stream = File.OpenRead(file);
        return stream.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) == begin.Length && begin.SequenceEqual(TraceArchive.Magic);
    }
}
