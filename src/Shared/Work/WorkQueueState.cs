namespace DynaHug.Shared.Work;

/// <summary>
/// Jobs that wait and jobs that are leased, of one queue. Lanes go by priority, but every <see cref="FairShare"/>th lease starts
/// at the lowest lane, so that none starves. Kept in memory only: entities offer unfinished work again after a restart.
/// Leases count from a random number, so that what a slot says of a lease of the queue that was before, on a node that died, means none of this one's.
/// Mutable on purpose (one actor owns it): an immutable queue of a million jobs would cost more than it gives.
/// </summary>
public sealed class WorkQueueState(int capacity, TimeSpan leaseTime)
{
    /// <summary>One lease in this many goes to the lowest lane that has work.</summary>
    public const int FairShare = 5;

    private readonly LinkedList<Waiting>[] lanes = [new(), new(), new()];
    private readonly Dictionary<string, LinkedListNode<Waiting>> waitingByKey = [];
    private readonly Dictionary<long, Leased> leases = [];
    private readonly Dictionary<string, long> leaseByKey = [];
    private long lastLease = Random.Shared.NextInt64(long.MaxValue / 2);
    private long granted;

    private sealed record Waiting(Job Job, Lane Lane, int Attempts, string? Trace = null);

    private sealed record Leased(Waiting Work, DateTimeOffset Until);

    public int WaitingJobs => waitingByKey.Count;

    public int LeasedJobs => leases.Count;

    public int WaitingIn(Lane lane) => lanes[(int)lane].Count;

    /// <summary>False when the queue is full; true when the job is queued, now or before. A better lane moves a waiting job up.</summary>
    /// <param name="trace">See <see cref="WorkCommands.Offer"/>; that of the first offer stays.</param>
    public bool TryOffer(Job job, Lane lane, string? trace = null)
    {
        if (leaseByKey.ContainsKey(job.Key))
        {
            return true;
        }

        var attempts = 0;
        if (waitingByKey.TryGetValue(job.Key, out var known))
        {
            if (known.Value.Lane <= lane)
            {
                return true;
            }

            (attempts, trace) = (known.Value.Attempts, known.Value.Trace ?? trace);
            Remove(known);
        }
        else if (waitingByKey.Count >= capacity)
        {
            return false;
        }

        waitingByKey[job.Key] = lanes[(int)lane].AddLast(new Waiting(job, lane, attempts, trace));
        return true;
    }

    /// <summary>The next job for a slot that has room, or null while there is none.</summary>
    public WorkReplies.Leased? TryLease(DateTimeOffset now)
    {
        var order = granted % FairShare == FairShare - 1 ? lanes.Reverse() : lanes;
        if (order.FirstOrDefault(lane => lane.Count > 0)?.First is not { } next)
        {
            return null;
        }

        granted++;
        Remove(next);
        var work = next.Value with { Attempts = next.Value.Attempts + 1 };
        var until = now + leaseTime;
        leases[++lastLease] = new Leased(work, until);
        leaseByKey[work.Job.Key] = lastLease;
        return new WorkReplies.Leased(lastLease, work.Job, work.Attempts, until, work.Lane, work.Trace);
    }

    public bool Holds(long lease) => leases.ContainsKey(lease);

    public void Renew(long lease, DateTimeOffset now)
    {
        if (leases.TryGetValue(lease, out var held))
        {
            leases[lease] = held with { Until = now + leaseTime };
        }
    }

    /// <summary>A slot works on a job by a lease of the queue that was before: it keeps it, unless somebody else has the job by now.</summary>
    /// <returns>Whether the lease is held now.</returns>
    public bool TryAdopt(long lease, Job job, Lane lane, int attempts, DateTimeOffset now)
    {
        if (leases.ContainsKey(lease) || leaseByKey.ContainsKey(job.Key))
        {
            return leases.ContainsKey(lease);
        }

        if (waitingByKey.TryGetValue(job.Key, out var waiting))
        {
            Remove(waiting);
        }

        leases[lease] = new Leased(new Waiting(job, lane, attempts), now + leaseTime);
        leaseByKey[job.Key] = lease;
        return true;
    }

    public void Complete(long lease)
    {
        if (leases.Remove(lease, out var held))
        {
            leaseByKey.Remove(held.Work.Job.Key);
        }
    }

    /// <summary>Puts the job back at the head of its lane, without counting the attempt.</summary>
    public void Release(long lease)
    {
        if (leases.TryGetValue(lease, out var held))
        {
            Complete(lease);
            PutBack(held.Work with { Attempts = held.Work.Attempts - 1 });
        }
    }

    /// <summary>The slot is known to be dead: its lease runs out at the next <see cref="Expire"/>.</summary>
    public void ExpireNow(long lease)
    {
        if (leases.TryGetValue(lease, out var held))
        {
            leases[lease] = held with { Until = DateTimeOffset.MinValue };
        }
    }

    /// <summary>Takes back the leases that have run out; their jobs wait again, except those leased <paramref name="maxAttempts"/> times, which are returned as poison.</summary>
    public IReadOnlyList<Job> Expire(DateTimeOffset now, int maxAttempts)
    {
        var poison = new List<Job>();
        foreach (var (lease, held) in leases.Where(entry => entry.Value.Until <= now).ToList())
        {
            Complete(lease);
            if (held.Work.Attempts >= maxAttempts)
            {
                poison.Add(held.Work.Job);
            }
            else
            {
                PutBack(held.Work);
            }
        }

        return poison;
    }

    private void PutBack(Waiting work) => waitingByKey[work.Job.Key] = lanes[(int)work.Lane].AddFirst(work);

    private void Remove(LinkedListNode<Waiting> node)
    {
        node.List!.Remove(node);
        waitingByKey.Remove(node.Value.Job.Key);
    }
}
