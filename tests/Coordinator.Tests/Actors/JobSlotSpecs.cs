using Akka.Actor;
using Akka.Hosting;
using Akka.Hosting.TestKit;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tests;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Tests.Actors;

/// <summary>A slot beside a queue that the spec plays.</summary>
public sealed class JobSlotSpecs : TestKit
{
    private static readonly WorkReplies.Leased Lease = new(7, new TraceJob(ContentKey.Of(Samples.Artifact), Samples.Artifact, "pytorch_model.bin", "torch-zip"), 2, DateTimeOffset.UnixEpoch, Lane.Upload);

    [Fact]
    public async Task A_slot_that_drains_ends_its_job_and_gives_the_lease_back_before_it_stops()
    {
        var queue = CreateTestProbe();
        var ended = new TaskCompletionSource();
        var slot = Sys.ActorOf(Props.Create(() => new Endless(queue.Ref, ended)));
        await queue.ExpectMsgAsync<WorkCommands.Demand>();
        slot.Tell(Lease, queue);

        (await slot.GracefulStop(TimeSpan.FromSeconds(10), new JobSlot.Drain())).ShouldBeTrue();

        ended.Task.IsCompleted.ShouldBeTrue("the sandbox is gone when the slot is");
        (await queue.FishForMessageAsync<WorkCommands.Release>(_ => true)).Lease.ShouldBe(7);
    }

    [Fact]
    public async Task A_renewal_says_what_is_worked_on()
    {
        var queue = CreateTestProbe();
        var slot = Sys.ActorOf(Props.Create(() => new Endless(queue.Ref, new TaskCompletionSource())));
        slot.Tell(Lease, queue);

        var renewal = await queue.FishForMessageAsync<WorkCommands.Renew>(_ => true, TimeSpan.FromSeconds(30));

        renewal.ShouldBe(new WorkCommands.Renew(7, Lease.Job, Lane.Upload, 2));
    }

    [Fact]
    public async Task While_the_blob_store_is_gone_no_job_is_to_blame_and_the_lease_goes_back()
    {
        var (queue, artifacts) = (CreateTestProbe(), CreateTestProbe());
        var blobs = Blobs();
        Directory.Delete(blobs.Incoming);
        var slot = Sys.ActorOf(Props.Create(() => new Failing(queue.Ref, artifacts.Ref, blobs)));
        slot.Tell(Lease, queue);

        (await queue.FishForMessageAsync<WorkCommands.Release>(_ => true)).Lease.ShouldBe(7);
        await artifacts.ExpectNoMsgAsync(TimeSpan.Zero);

        Directory.CreateDirectory(blobs.Incoming);
        await queue.FishForMessageAsync<WorkCommands.Demand>(_ => true, TimeSpan.FromSeconds(30));
        slot.Tell(Lease, queue);
        (await artifacts.ExpectMsgAsync<ArtifactCommands.RecordFailure>(TimeSpan.FromSeconds(30))).Reason.ShouldBe("does not fit");
    }

    protected override void ConfigureAkka(AkkaConfigurationBuilder builder, IServiceProvider provider)
    {
    }

    private static BlobFolder Blobs() => new(Directory.CreateTempSubdirectory("dynahug-slot-").FullName);

    /// <summary>Works until it is told to end, and takes a moment to.</summary>
    private sealed class Endless(IActorRef queue, TaskCompletionSource ended) : JobSlot(new WorkLinks(queue, ActorRefs.Nobody, ActorRefs.Nobody), Blobs(), NullLogger.Instance)
    {
        protected override async Task<IReadOnlyList<object>> RunAsync(Job job, CancellationToken cancel)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancel);
                return [];
            }
            finally
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
                ended.SetResult();
            }
        }

        protected override object FailureOf(Job job, string reason) => new ArtifactCommands.RecordFailure(((TraceJob)job).Content, reason);
    }

    /// <summary>Cannot store what it has made.</summary>
    private sealed class Failing(IActorRef queue, IActorRef artifacts, BlobStore blobs) : JobSlot(new WorkLinks(queue, ActorRefs.Nobody, artifacts), blobs, NullLogger.Instance)
    {
        protected override Task<IReadOnlyList<object>> RunAsync(Job job, CancellationToken cancel) => throw new BlobStoreException("does not fit");

        protected override object FailureOf(Job job, string reason) => new ArtifactCommands.RecordFailure(((TraceJob)job).Content, reason);
    }
}
