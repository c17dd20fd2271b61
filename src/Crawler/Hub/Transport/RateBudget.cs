namespace DynaHug.Crawler.Hub.Transport;

/// <summary>
/// The requests that the hub still allows, shared by all of this node's clients. The hub counts in fixed windows by bucket (api, resolvers); each answer
/// says what is left. Requests that are under way are counted off at once, so that many in parallel do not overdraw.
/// </summary>
internal sealed class RateBudget(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Window> windows = [];

    /// <summary>The bucket that the hub will count a path in.</summary>
    public static string BucketOf(Uri address) => address.AbsolutePath.Contains("/resolve/", StringComparison.Ordinal) ? "resolvers" : "api";

    /// <summary>Waits until the bucket has a request left, and takes it.</summary>
    public async Task TakeAsync(string bucket, CancellationToken cancel)
    {
        while (TryTake(bucket) is { } wait)
        {
            await Task.Delay(wait, clock, cancel);
        }
    }

    /// <summary>Notes what the hub says is left.</summary>
    public void Note(RateLimit limit)
    {
        lock (gate)
        {
            if (windows.Count < 16 || windows.ContainsKey(limit.Bucket))
            {
                windows[limit.Bucket] = new Window(limit.Left, clock.GetTimestamp(), limit.Reset);
            }
        }
    }

    private TimeSpan? TryTake(string bucket)
    {
        lock (gate)
        {
            if (!windows.TryGetValue(bucket, out var window))
            {
                return null;
            }

            var left = window.Reset - clock.GetElapsedTime(window.NotedAt);
            if (left < TimeSpan.Zero)
            {
                windows.Remove(bucket);
                return null;
            }

            if (window.Left <= 0)
            {
                // Headers count in whole seconds; a second more is surely past the reset.
                return left + TimeSpan.FromSeconds(1);
            }

            windows[bucket] = window with { Left = window.Left - 1 };
            return null;
        }
    }

    private sealed record Window(long Left, long NotedAt, TimeSpan Reset);
}
