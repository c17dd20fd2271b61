using CsCheck;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Work;

namespace DynaHug.Shared.Tests.Work;

public sealed class WorkQueueStateSpecs
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(45);

    private readonly WorkQueueState queue = new(capacity: 100, LeaseTime);

    [Fact]
    public void A_persons_request_beats_an_upload_which_beats_a_bulk_rescan()
    {
        queue.TryOffer(JobOf(1), Lane.Bulk);
        queue.TryOffer(JobOf(2), Lane.Upload);
        queue.TryOffer(JobOf(3), Lane.Request);

        Enumerable.Range(0, 3).Select(_ => queue.TryLease(Start)!.Job).ShouldBe([JobOf(3), JobOf(2), JobOf(1)]);
    }

    [Fact]
    public void The_lowest_lane_is_not_starved_by_a_stream_of_requests()
    {
        queue.TryOffer(JobOf(0), Lane.Bulk);
        for (var i = 1; i <= 50; i++)
        {
            queue.TryOffer(JobOf(i), Lane.Request);
        }

        var position = Enumerable.Range(0, 51).TakeWhile(_ => queue.TryLease(Start)!.Job != JobOf(0)).Count();
        position.ShouldBeLessThan(WorkQueueState.FairShare);
    }

    [Fact]
    public void A_job_is_queued_or_leased_once_however_often_it_is_offered()
    {
        queue.TryOffer(JobOf(1), Lane.Bulk);
        queue.TryOffer(JobOf(1), Lane.Bulk);
        queue.TryLease(Start).ShouldNotBeNull();
        queue.TryOffer(JobOf(1), Lane.Request).ShouldBeTrue();

        queue.TryLease(Start).ShouldBeNull();
    }

    [Fact]
    public void A_better_lane_moves_a_waiting_job_up()
    {
        queue.TryOffer(JobOf(1), Lane.Upload);
        queue.TryOffer(JobOf(2), Lane.Bulk);
        queue.TryOffer(JobOf(2), Lane.Request);

        queue.TryLease(Start)!.Job.ShouldBe(JobOf(2));
    }

    [Fact]
    public void A_queue_that_begins_anew_takes_over_what_slots_already_work_on()
    {
        var before = queue;
        before.TryOffer(JobOf(1), Lane.Upload);
        var lease = before.TryLease(Start)!;
        var after = new WorkQueueState(capacity: 100, LeaseTime);
        after.TryOffer(JobOf(1), Lane.Bulk);

        after.TryAdopt(lease.Lease, lease.Job, lease.Lane, lease.Attempt, Start).ShouldBeTrue();

        after.TryLease(Start).ShouldBeNull("nobody else is given the job");
        after.TryAdopt(lease.Lease + 1, lease.Job, lease.Lane, 1, Start).ShouldBeFalse("one slot has it");
        after.Expire(Start + LeaseTime, maxAttempts: 3);
        after.TryLease(Start + LeaseTime)!.Attempt.ShouldBe(2, "an attempt counts whichever queue granted it");
    }

    [Fact]
    public void What_a_slot_says_of_a_lease_of_the_queue_before_means_none_of_this_one()
    {
        var other = new WorkQueueState(capacity: 100, LeaseTime);
        other.TryOffer(JobOf(1), Lane.Bulk);
        queue.TryOffer(JobOf(2), Lane.Bulk);
        var (old, current) = (other.TryLease(Start)!.Lease, queue.TryLease(Start)!.Lease);

        queue.Complete(old);

        old.ShouldNotBe(current);
        queue.Holds(current).ShouldBeTrue();
    }

    [Fact]
    public void A_full_queue_says_so()
    {
        var small = new WorkQueueState(capacity: 1, LeaseTime);
        small.TryOffer(JobOf(1), Lane.Bulk).ShouldBeTrue();
        small.TryOffer(JobOf(2), Lane.Request).ShouldBeFalse();
    }

    [Fact]
    public void An_expired_lease_goes_back_and_a_job_that_expires_again_and_again_is_poison()
    {
        queue.TryOffer(JobOf(1), Lane.Bulk);
        queue.TryLease(Start)!.Attempt.ShouldBe(1);
        queue.Expire(Start + LeaseTime, maxAttempts: 2).ShouldBeEmpty();
        queue.TryLease(Start + LeaseTime)!.Attempt.ShouldBe(2);
        queue.Expire(Start + (2 * LeaseTime), maxAttempts: 2).ShouldBe([JobOf(1)]);

        queue.WaitingJobs.ShouldBe(0);
        queue.LeasedJobs.ShouldBe(0);
    }

    [Fact]
    public void A_renewed_lease_does_not_expire()
    {
        queue.TryOffer(JobOf(1), Lane.Bulk);
        var lease = queue.TryLease(Start)!.Lease;
        queue.Renew(lease, Start + TimeSpan.FromSeconds(30));

        queue.Expire(Start + LeaseTime, maxAttempts: 1).ShouldBeEmpty();
        queue.LeasedJobs.ShouldBe(1);
    }

    [Fact]
    public void A_released_job_is_next_again_and_the_attempt_is_not_counted()
    {
        queue.TryOffer(JobOf(1), Lane.Bulk);
        queue.TryOffer(JobOf(2), Lane.Bulk);
        queue.Release(queue.TryLease(Start)!.Lease);

        var again = queue.TryLease(Start)!;
        again.Job.ShouldBe(JobOf(1));
        again.Attempt.ShouldBe(1);
    }

    [Fact]
    public void Whatever_happens_no_job_is_lost_or_doubled() =>
        Gen.Int[0, 5].SelectMany(_ => Gen.Select(Gen.Int[0, 4], Gen.Int[0, 9], Gen.Int[0, 2])).List[0, 200].Sample(steps =>
        {
            var subject = new WorkQueueState(capacity: 1000, LeaseTime);
            var open = new HashSet<string>();
            var held = new Dictionary<long, string>();
            var now = Start;
            foreach (var (action, number, lane) in steps)
            {
                now += TimeSpan.FromSeconds(7);
                switch (action)
                {
                    case 0:
                        subject.TryOffer(JobOf(number), (Lane)lane);
                        open.Add(JobOf(number).Key);
                        break;
                    case 1 when subject.TryLease(now) is { } leased:
                        held.ContainsValue(leased.Job.Key).ShouldBeFalse();
                        held[leased.Lease] = leased.Job.Key;
                        break;
                    case 2 when held.Count > 0:
                        open.Remove(held.First().Value);
                        subject.Complete(held.First().Key);
                        held.Remove(held.First().Key);
                        break;
                    case 3 when held.Count > 0:
                        subject.Release(held.First().Key);
                        held.Remove(held.First().Key);
                        break;
                    case 4:
                        foreach (var lease in held.Keys)
                        {
                            subject.Renew(lease, now);
                        }

                        subject.Expire(now, maxAttempts: int.MaxValue);
                        break;
                }

                (subject.WaitingJobs + subject.LeasedJobs).ShouldBe(open.Count);
                subject.LeasedJobs.ShouldBe(held.Count);
            }
        });

    private static TraceJob JobOf(int number)
    {
        var artifact = Sha256.Parse(number.ToString("x64"));
        return new TraceJob(ContentKey.Of(artifact), artifact, "model.bin", "torch-zip");
    }
}
