using DynaHug.Shared.Work;

namespace DynaHug.Shared.Hub;

/// <summary>
/// The requests that a hub still allows. It counts in fixed windows by bucket, and each of its answers says what is left. A request is counted
/// off when it is granted, so that many under way do not overdraw. Lanes draw by priority: the last part of a window is kept for those above.
/// Mutable on purpose, one owner; time comes in as a timestamp.
/// </summary>
/// <param name="clock">Measures the windows.</param>
public sealed class HubBudgetState(TimeProvider clock)
{
    /// <summary>Longer waits are not believed: the public hub's windows last five minutes.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(6);

    /// <summary>The public hub's window, for when one has passed and no answer has named the next.</summary>
    private static readonly TimeSpan UsualWindow = TimeSpan.FromMinutes(5);

    /// <summary>Headers count in whole seconds: a second more is surely past the reset.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private const int MaxBuckets = 16;
    private const int BulkReserve = 10;
    private const int UploadReserve = 33;

    private readonly SortedDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);

    /// <summary>Takes one request; null where it is granted, else how long to wait before asking again.</summary>
    public TimeSpan? Take(string bucket, Lane lane)
    {
        var known = Of(bucket);
        if (known is null)
        {
            return null;
        }

        RollOver(known);
        if (known.Left is not { } left)
        {
            known.Granted++;
            return null;
        }

        if (left > ReserveAgainst(lane, known))
        {
            known.Left = left - 1;
            known.Granted++;
            return null;
        }

        known.Refused++;
        return known.EndsIn(clock) + Margin;
    }

    /// <summary>Takes over what an answer says. Within one window the number only falls: answers overtake each other.</summary>
    public void Note(string bucket, long left, TimeSpan reset, long? quota)
    {
        if (Of(bucket) is not { } known)
        {
            return;
        }

        var end = Clamp(reset);
        var sameWindow = known.Left is not null && (known.EndsIn(clock) - end).Duration() <= Margin + Margin;
        known.Quota = quota ?? known.Quota;
        known.Left = sameWindow ? Math.Min(known.Left!.Value, Math.Max(0, left)) : Math.Max(0, left);
        known.NotedAt = clock.GetTimestamp();
        known.Reset = end;
    }

    public IReadOnlyList<BudgetFigures> Figures() =>
        [.. buckets.Values.Select(bucket =>
        {
            RollOver(bucket);
            return new BudgetFigures(bucket.Name, bucket.Left, bucket.Quota, bucket.EndsIn(clock), bucket.Granted, bucket.Refused);
        })];

    private static long ReserveAgainst(Lane lane, Bucket bucket) => lane switch
    {
        Lane.Bulk => (bucket.Quota ?? 0) / BulkReserve,
        Lane.Upload => (bucket.Quota ?? 0) / UploadReserve,
        _ => 0,
    };

    private static TimeSpan Clamp(TimeSpan reset) => reset < TimeSpan.Zero ? TimeSpan.Zero : reset > LongestWait ? LongestWait : reset;

    /// <summary>Buckets are named by the hub, so their number is bounded; past it nothing is counted.</summary>
    private Bucket? Of(string name) =>
        buckets.TryGetValue(name, out var known) ? known
        : buckets.Count >= MaxBuckets ? null
        : buckets[name] = new Bucket(name);

    private void RollOver(Bucket bucket)
    {
        if (bucket.Left is not null && bucket.EndsIn(clock) <= TimeSpan.Zero)
        {
            bucket.Left = bucket.Quota;
            bucket.NotedAt = clock.GetTimestamp();
            bucket.Reset = UsualWindow;
        }
    }

    private sealed class Bucket(string name)
    {
        public string Name => name;

        public long? Left { get; set; }

        public long? Quota { get; set; }

        public long NotedAt { get; set; }

        public TimeSpan Reset { get; set; }

        public long Granted { get; set; }

        public long Refused { get; set; }

        public TimeSpan EndsIn(TimeProvider clock)
        {
            var left = Left is null ? TimeSpan.Zero : Reset - clock.GetElapsedTime(NotedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
