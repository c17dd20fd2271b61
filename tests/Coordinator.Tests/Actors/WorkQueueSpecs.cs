using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Hosting;
using Akka.Hosting.TestKit;
using Akka.TestKit;
using DynaHug.Coordinator.Work;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tests;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Tests.Actors;

public sealed class WorkQueueSpecs : TestKit
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan PastTheNextSweep = TimeSpan.FromSeconds(12);

    private static readonly Job Trace = new TraceJob(ContentKey.Of(Samples.Artifact), Samples.Artifact, "pytorch_model.bin", "torch-zip");
    private static readonly Job Plan = new PlanJob(Samples.Repo, Samples.Commit);

    [Fact]
    public async Task Gives_a_job_to_a_slot_that_asked_before_there_was_one()
    {
        var queue = NewQueue(CreateTestProbe());
        var slot = CreateTestProbe();
        Demand(queue, slot);

        queue.Tell(new WorkCommands.Offer(Trace, Lane.Bulk), TestActor);

        (await ExpectMsgAsync<WorkReplies.Accepted>()).JobKey.ShouldBe(Trace.Key);
        (await slot.ExpectMsgAsync<WorkReplies.Leased>()).Job.ShouldBe(Trace);
    }

    [Fact]
    public async Task A_persons_request_goes_before_a_bulk_rescan()
    {
        var queue = NewQueue(CreateTestProbe());
        queue.Tell(new WorkCommands.Offer(Trace, Lane.Bulk), TestActor);
        queue.Tell(new WorkCommands.Offer(Plan, Lane.Request), TestActor);
        var slot = CreateTestProbe();

        Demand(queue, slot);

        (await slot.ExpectMsgAsync<WorkReplies.Leased>()).Job.ShouldBe(Plan);
    }

    [Fact]
    public async Task Tells_what_the_canaries_of_each_node_showed_last_until_the_node_is_gone()
    {
        var queue = NewQueue(CreateTestProbe());
        var node = CreateTestProbe();
        var passed = new WorkCommands.ReportCanary("akka.tcp://dynahug@10.0.0.4:4053", "", DateTimeOffset.UnixEpoch);
        queue.Tell(passed with { Problem = "runsc is not installed" }, node);
        queue.Tell(passed, node);
        (await FiguresAsync()).Canaries.ShouldBe([passed]);

        Sys.Stop(node);

        await AwaitAssertAsync(async () => (await FiguresAsync()).Canaries.ShouldBeNull(), TimeSpan.FromSeconds(10));

        Task<WorkReplies.Figures> FiguresAsync() => queue.Ask<WorkReplies.Figures>(new WorkCommands.GetFigures(), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_full_queue_says_so()
    {
        var queue = NewQueue(CreateTestProbe(), capacity: 1);
        queue.Tell(new WorkCommands.Offer(Trace, Lane.Bulk), TestActor);
        await ExpectMsgAsync<WorkReplies.Accepted>();

        queue.Tell(new WorkCommands.Offer(Plan, Lane.Bulk), TestActor);

        (await ExpectMsgAsync<WorkReplies.Full>()).JobKey.ShouldBe(Plan.Key);
    }

    [Fact]
    public async Task A_job_of_a_slot_that_died_goes_to_another()
    {
        var (queue, dying, other) = await OneWorksAndOneAsksAsync();

        Sys.Stop(dying);

        var leased = await other.ExpectMsgAsync<WorkReplies.Leased>();
        leased.Job.ShouldBe(Trace);
        leased.Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task The_job_of_a_node_that_died_is_not_given_to_another_slot_of_that_node()
    {
        var (queue, dying, other) = await OneWorksAndOneAsksAsync();

        ((IInternalActorRef)queue).SendSystemMessage(new DeathWatchNotification(dying.Ref, existenceConfirmed: false, addressTerminated: true));

        await other.ExpectNoMsgAsync(Quiet);
        Demand(queue, other);
        (await other.ExpectMsgAsync<WorkReplies.Leased>()).Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task A_job_whose_slots_all_fall_silent_is_poison_and_its_artifact_hears_of_it()
    {
        var artifacts = CreateTestProbe();
        var queue = NewQueue(artifacts, lease: TimeSpan.FromMilliseconds(1), attempts: 1);
        Demand(queue, CreateTestProbe());

        queue.Tell(new WorkCommands.Offer(Trace, Lane.Bulk), TestActor);

        var failure = await artifacts.ExpectMsgAsync<ArtifactCommands.RecordFailure>(PastTheNextSweep);
        failure.Content.ShouldBe(ContentKey.Of(Samples.Artifact));
        failure.Reason.ShouldContain("fell silent");
    }

    [Fact]
    public async Task A_slot_whose_lease_ran_out_is_served_again()
    {
        var queue = NewQueue(CreateTestProbe(), lease: TimeSpan.FromMilliseconds(1), attempts: 1);
        var slot = CreateTestProbe();
        Demand(queue, slot);
        queue.Tell(new WorkCommands.Offer(Trace, Lane.Bulk), TestActor);
        await slot.ExpectMsgAsync<WorkReplies.Leased>();

        await AwaitAssertAsync(
            async () =>
            {
                Demand(queue, slot);
                queue.Tell(new WorkCommands.Offer(Plan, Lane.Bulk), TestActor);
                (await slot.ExpectMsgAsync<WorkReplies.Leased>(Quiet)).Job.ShouldBe(Plan);
            },
            PastTheNextSweep);
    }

    protected override void ConfigureAkka(AkkaConfigurationBuilder builder, IServiceProvider provider)
    {
    }

    /// <summary>A queue whose one job a slot has, while another asks for work.</summary>
    private async Task<(IActorRef Queue, TestProbe Works, TestProbe Asks)> OneWorksAndOneAsksAsync()
    {
        var (queue, works, asks) = (NewQueue(CreateTestProbe()), CreateTestProbe(), CreateTestProbe());
        Demand(queue, works);
        queue.Tell(new WorkCommands.Offer(Trace, Lane.Bulk), TestActor);
        await works.ExpectMsgAsync<WorkReplies.Leased>();
        Demand(queue, asks);
        await asks.ExpectNoMsgAsync(Quiet);
        return (queue, works, asks);
    }

    private IActorRef NewQueue(TestProbe artifacts, int capacity = 10, TimeSpan? lease = null, int attempts = 3) => Sys.ActorOf(Props.Create(() => new WorkQueue(
        new WorkQueueBounds(capacity, lease ?? TimeSpan.FromMinutes(1), attempts), CreateTestProbe(), artifacts, TimeProvider.System, NullLogger<WorkQueue>.Instance)));

    private static void Demand(IActorRef queue, TestProbe slot) => queue.Tell(new WorkCommands.Demand(slot.Ref.Path.ToString()), slot);
}
