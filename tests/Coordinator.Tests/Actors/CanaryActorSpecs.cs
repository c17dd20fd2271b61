using Akka.Actor;
using Akka.Hosting;
using Akka.Hosting.TestKit;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Work;
using DynaHug.Worker;
using DynaHug.Worker.Canaries;
using DynaHug.Worker.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Tests.Actors;

/// <summary>A worker's slot beside its canaries, on a node whose sandbox is not installed.</summary>
public sealed class CanaryActorSpecs : TestKit
{
    private static readonly TimeSpan LongerThanADemandTakes = TimeSpan.FromSeconds(4);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-canary-");
    private readonly CanaryHealth health = new();

    [Fact]
    public async Task A_node_whose_canaries_fail_says_why_takes_no_work_and_gives_back_what_it_is_given()
    {
        var queue = CreateTestProbe();
        var slot = Slot(queue.Ref);

        var canaries = Canaries(queue.Ref, TimeSpan.FromMilliseconds(100));

        var report = await queue.FishForMessageAsync<WorkCommands.ReportCanary>(_ => true, TimeSpan.FromSeconds(30));
        report.Problem.ShouldContain("is not installed");
        (health.IsReady, health.Problem).ShouldBe((false, report.Problem));
        await queue.FishForMessageAsync<WorkCommands.ReportCanary>(again => again.At > report.At, TimeSpan.FromSeconds(30));
        slot.Tell(new WorkReplies.Leased(7, new TraceJob(ContentKey.Of(Shared.Tests.Samples.Artifact), Shared.Tests.Samples.Artifact, "model.pkl", "pickle"), 1, DateTimeOffset.UnixEpoch), queue);
        (await queue.FishForMessageAsync<WorkCommands.Release>(_ => true)).Lease.ShouldBe(7);
        (await canaries.GracefulStop(TimeSpan.FromSeconds(10), new JobSlot.Drain())).ShouldBeTrue();
        while (queue.HasMessages)
        {
            (await queue.ReceiveOneAsync()).ShouldNotBeOfType<WorkCommands.Demand>();
        }

        await queue.ExpectNoMsgAsync(LongerThanADemandTakes);
    }

    [Fact]
    public async Task A_node_that_loads_no_canaries_takes_work_at_once()
    {
        var queue = CreateTestProbe();
        var canaries = Canaries(queue.Ref, TimeSpan.Zero);
        AwaitCondition(() => health.IsReady, TimeSpan.FromSeconds(10));

        Slot(queue.Ref);

        await queue.ExpectMsgAsync<WorkCommands.Demand>();
        (await canaries.GracefulStop(TimeSpan.FromSeconds(10), new JobSlot.Drain())).ShouldBeTrue();
    }

    protected override void ConfigureAkka(AkkaConfigurationBuilder builder, IServiceProvider provider)
    {
    }

    protected override async Task AfterAllAsync()
    {
        await base.AfterAllAsync();
        folder.Delete(recursive: true);
    }

    private IActorRef Canaries(IActorRef queue, TimeSpan interval) => Sys.ActorOf(Props.Create(() => new CanaryActor(
        queue, interval, new CanaryTrial(Sandboxes(), Options(), new StaticOptions()), health, TimeProvider.System, NullLogger<CanaryActor>.Instance)));

    private IActorRef Slot(IActorRef queue) => Sys.ActorOf(Props.Create(() => new WorkerActor(
        new WorkLinks(queue, ActorRefs.Nobody, ActorRefs.Nobody), Sandboxes(), new BlobFolder(folder.FullName), health, NullLogger<WorkerActor>.Instance)));

    private SandboxHost Sandboxes() => new(Options(), new BlobFolder(folder.FullName), TimeProvider.System, NullLogger<GvisorSandbox>.Instance);

    private SandboxOptions Options() => new() { Folder = folder.FullName, Runsc = "/nowhere/runsc" };
}
