using DynaHug.Shared.Hub;
using DynaHug.Shared.Work;

namespace DynaHug.Crawler.Hub.Transport;

/// <summary>The budget of one process that asks a hub by itself: a scan, a check.</summary>
internal sealed class RateBudget(TimeProvider clock) : IRateBudget
{
    private readonly Lock gate = new();
    private readonly HubBudgetState state = new(clock);

    /// <summary>The bucket that the hub will count a path in.</summary>
    public static string BucketOf(Uri address) => address.AbsolutePath.Contains("/resolve/", StringComparison.Ordinal) ? "resolvers" : "api";

    public async Task TakeAsync(string bucket, CancellationToken cancel)
    {
        while (TryTake(bucket) is { } wait)
        {
            await Task.Delay(wait, clock, cancel);
        }
    }

    public void Note(string bucket, long left, TimeSpan reset, long? quota)
    {
        lock (gate)
        {
            state.Note(bucket, left, reset, quota);
        }
    }

    private TimeSpan? TryTake(string bucket)
    {
        lock (gate)
        {
            return state.Take(bucket, CurrentLane.Value);
        }
    }
}
