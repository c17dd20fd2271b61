using System.Text;
using DynaHug.Crawler.Fetching;
using DynaHug.Crawler.Hub;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Telemetry;
using Microsoft.Extensions.Logging;

namespace DynaHug.Crawler.Sparse;

/// <summary>Makes files with holes for their tensors, from parts of the hub's or from whole ones, and files them by program.</summary>
internal sealed class SparseFetcher(HubOptions options, BlobStore blobs, ILogger<SparseFetcher> logger)
{
    /// <summary>Bytes of one file read in parts at most; pickles of honest checkpoints have some MB.</summary>
    private const long MaxBytes = 64 << 20;

    /// <summary>Reads a file of the hub in parts.</summary>
    /// <returns>Null where it has to be fetched whole.</returns>
    /// <exception cref="HubException">The hub cannot be used.</exception>
    /// <exception cref="BlobStoreException">The store cannot be used.</exception>
    public async Task<FetchResult.StoredSparse?> TryFetchAsync(IRanges source, RepoFile file, CancellationToken cancel)
    {
        if (file.Content.Sha256 is not { } declared || file.Size < options.SparseMinBytes)
        {
            return null;
        }

        var parts = new ReadParts(source, MaxBytes);
        if (await TryPlanAsync(parts, file.Path, cancel) is not { } plan)
        {
            return null;
        }

        var program = options.ShareTraces ? plan.Program : OfOneContent(plan.Program, file.Content);
        await StoreAsync(plan, program, cancel);
        return new FetchResult.StoredSparse(declared, program, new SparseReading(parts.BytesRead, parts.Requests, plan.Storages));
    }

    /// <summary>The program of a file that is here whole, so that its load may be shared; null where it has to be loaded for itself.</summary>
    public async Task<Sha256?> TryShareAsync(string path, CancellationToken cancel)
    {
        if (!options.ShareTraces)
        {
            return null;
        }

        using var source = new LocalRanges(path);
        if (await TryPlanAsync(new ReadParts(source, MaxBytes), path, cancel) is not { } plan)
        {
            return null;
        }

        await StoreAsync(plan, plan.Program, cancel);
        return plan.Program;
    }

    private async Task<SparsePlan?> TryPlanAsync(ReadParts parts, string name, CancellationToken cancel)
    {
        try
        {
            var plan = await SparsePlanner.PlanAsync(parts, cancel);
            Instruments.SparseReadings.Add(1, new KeyValuePair<string, object?>(Instruments.OutcomeTag, "sparse"));
            return plan;
        }
        catch (Exception odd) when (odd is NotUnderstoodException or RangesRefusedException)
        {
            Instruments.SparseReadings.Add(1, new KeyValuePair<string, object?>(Instruments.OutcomeTag, "whole"));
            logger.LogDebug("{File} is read whole: {Reason}", Printable.Of(name, 200), odd.Message);
            return null;
        }
    }

    private async Task StoreAsync(SparsePlan plan, Sha256 program, CancellationToken cancel)
    {
        var key = BlobKey.OfProgram(program);
        if (!await blobs.TryRenewAsync(key, cancel))
        {
            await blobs.PutAsync(key, plan.WriteAsync, cancel);
        }
    }

    private static Sha256 OfOneContent(Sha256 program, ContentKey content) => Sha256.OfBytes(Encoding.ASCII.GetBytes($"{program.Hex} {content.Value}"));
}
