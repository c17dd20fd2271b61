using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Artifacts;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Monitoring;

/// <summary>
/// Keeps the blob store within its budget: once it is over, contents whose analysis has ended are deleted, the oldest first. What else lies there (profiles, traces,
/// contents that wait) stays, so that a budget too small for the work at hand is exceeded rather than the work lost; and so does what has just come, or was just found
/// to be here by a fetch, since the read model may not know yet that somebody waits for it.
/// </summary>
internal sealed class BlobEvictor(BlobStore blobs, ReadModelQueries readModel, NodeOptions options, TimeProvider clock, ILogger<BlobEvictor> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Longer than the read model lags behind the journal.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(2);

    /// <summary>Deletes what the budget asks for; gives the bytes that are free again.</summary>
    public async Task<long> EvictAsync(CancellationToken cancel)
    {
        var stored = await blobs.StoredAsync(cancel);
        var excess = stored.Sum(blob => blob.Bytes) - options.DiskBudgetBytes;
        var freed = 0L;
        var until = clock.GetUtcNow().UtcDateTime - Young;
        foreach (var blob in stored.Where(blob => blob.WrittenAt < until).OrderBy(blob => blob.WrittenAt))
        {
            if (freed >= excess)
            {
                break;
            }

            if (await readModel.IsDoneWithAsync(blob.Key.Name, cancel))
            {
                await blobs.DeleteAsync(blob.Key, cancel);
                freed += blob.Bytes;
            }
        }

        return freed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(Interval, clock);
        while (options.DiskBudgetBytes < long.MaxValue && await ticks.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await EvictAsync(stoppingToken) is > 0 and var freed)
                {
                    logger.LogInformation("deleted {Bytes} bytes of analysed contents to keep to the disk budget", freed);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or System.Data.Common.DbException)
            {
                logger.LogWarning(failure, "the blob store could not be brought within its budget; trying again");
            }
        }
    }
}
