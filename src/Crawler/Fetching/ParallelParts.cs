using DynaHug.Crawler.Sparse;

namespace DynaHug.Crawler.Fetching;

/// <summary>Reads the rest of a large file by several requests at a time, and gives its parts in order, so that they can be hashed as they come.</summary>
internal static class ParallelParts
{
    /// <summary>Below this much that is missing, one stream does as well.</summary>
    public const long WorthIt = 64L << 20;

    private const int PartBytes = 8 << 20;
    private const int PartsAtATime = 4;

    /// <summary>Takes parts until the file is whole, or parts cannot be had.</summary>
    /// <returns>True where the file is whole; false where it has to go on as one stream.</returns>
    public static async Task<bool> TakeAllAsync(IRanges source, Download download, CancellationToken cancel)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var parts = new Queue<(Task Arrival, byte[] Buffer, int Count)>();
        var free = new Queue<byte[]>();
        var kept = default(byte[]);
        var next = download.Have;
        try
        {
            // The first one alone finds out where the file lies; the others go there at once.
            var alone = true;
            while (!download.IsWhole)
            {
                while (next < source.Size && parts.Count < (alone ? 1 : PartsAtATime))
                {
                    var buffer = free.TryDequeue(out var used) ? used : GC.AllocateUninitializedArray<byte>(PartBytes);
                    var count = (int)Math.Min(PartBytes, source.Size - next);
                    parts.Enqueue((source.ReadAsync(next, buffer.AsMemory(0, count), stopping.Token), buffer, count));
                    next += count;
                }

                alone = false;
                var (arrival, bytes, length) = parts.Dequeue();
                await arrival;
                await download.TakeAsync(bytes.AsMemory(0, length));
                if (kept is not null)
                {
                    free.Enqueue(kept);
                }

                kept = bytes;
            }

            return true;
        }
        catch (RangesRefusedException)
        {
            return false;
        }
        finally
        {
            await stopping.CancelAsync();
            await Task.WhenAll(parts.Select(part => part.Arrival)).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
