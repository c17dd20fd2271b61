using System.Diagnostics;
using System.Net;
using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Tests;
using DynaHug.Shared.Work;
using Microsoft.Extensions.DependencyInjection;

namespace DynaHug.Coordinator.Tests.Hosting;

/// <summary>Several nodes that speak over real sockets.</summary>
public sealed class ClusterSpecs
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_that_is_no_coordinator_hosts_no_entity_and_no_singleton_and_has_no_database()
    {
        await using var nodes = new RunningNodes();
        var port = RunningNodes.FreePort();
        var coordinator = await nodes.StartAsync([NodeRole.Coordinator], port);
        var worker = await nodes.StartAsync([NodeRole.Worker, NodeRole.Crawler], 0, seed: port);
        await RunningNodes.UntilAsync(() => RunningNodes.Members(worker).Count == 2, Soon);

        var system = worker.Services.GetRequiredService<ActorSystem>();
        worker.Services.GetService<ReadModelDatabase>().ShouldBeNull();
        worker.Services.GetService<Judge>().ShouldBeNull();
        system.Settings.Config.GetString("akka.persistence.journal.plugin", "").ShouldNotContain("sql");
        worker.Actor<Keys.RepoRegion>().Path.Name.ShouldBe("repoProxy");
        (await worker.Actor<Keys.TraceQueue>().Ask<WorkReplies.Figures>(new WorkCommands.GetFigures(), Soon, TestContext.Current.CancellationToken)).Waiting.ShouldBe(0);
        Singletons(system).ShouldBeEmpty();
        Singletons(coordinator.Services.GetRequiredService<ActorSystem>()).ShouldContain("fetch-queue");
    }

    [Fact]
    public async Task A_node_without_a_certificate_of_the_authority_is_refused()
    {
        await using var nodes = new RunningNodes();
        var (ours, theirs) = (await CertificatesAsync(nodes.Folder, "ours"), await CertificatesAsync(nodes.Folder, "theirs"));
        var port = RunningNodes.FreePort();
        var (plain, foreign, member) = (RunningNodes.FreePort(), RunningNodes.FreePort(), RunningNodes.FreePort());
        var coordinator = await nodes.StartAsync([NodeRole.Coordinator], port, ours);

        var withoutAny = await nodes.StartAsync([NodeRole.Crawler], plain, seed: port);
        var withForeign = await nodes.StartAsync([NodeRole.Crawler], foreign, theirs, seed: port);
        var withOurs = await nodes.StartAsync([NodeRole.Crawler], member, ours, seed: port);
        await RunningNodes.UntilAsync(() => RunningNodes.Members(coordinator).Count > 1, Soon);
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);

        RunningNodes.Members(coordinator).ShouldBe(new[] { port, member }.Order());
        RunningNodes.Members(withoutAny).ShouldBeEmpty();
        RunningNodes.Members(withForeign).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused_before_anything_starts()
    {
        await using var nodes = new RunningNodes();
        var (ours, theirs) = (await CertificatesAsync(nodes.Folder, "ours"), await CertificatesAsync(nodes.Folder, "theirs"));
        var mixed = new NodeTls { CertificateFile = ours.CertificateFile, KeyFile = ours.KeyFile, AuthorityFile = theirs.AuthorityFile };

        (await Should.ThrowAsync<UsageException>(() => nodes.StartAsync([NodeRole.Coordinator], 0, mixed))).Message.ShouldContain("authority");
    }

    [Fact]
    public async Task Probes_say_when_a_node_is_a_member()
    {
        await using var nodes = new RunningNodes();
        var node = await nodes.StartAsync([NodeRole.Coordinator], 0, probePort: RunningNodes.FreePort());
        using var client = new HttpClient { BaseAddress = node.Dashboard };
        await RunningNodes.UntilAsync(() => RunningNodes.Members(node).Count == 1, Soon);

        (await client.GetStringAsync("/healthz/live", TestContext.Current.CancellationToken)).ShouldBe("live");
        (await client.GetStringAsync("/healthz/ready", TestContext.Current.CancellationToken)).ShouldBe("ready");
        (await client.GetAsync("/metrics", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static IReadOnlyList<string> Singletons(ActorSystem system) =>
        [.. ((ActorRefWithCell)((ExtendedActorSystem)system).Guardian).Children.Select(child => child.Path.Name).Where(name => name is "fetch-queue" or "trace-queue" or "hub-monitor" or "projection" or "trainer")];

    private static async Task<NodeTls> CertificatesAsync(string folder, string name)
    {
        var place = Path.Combine(folder, name);
        using var script = Process.Start("bash", [Path.Combine(Repository.Root, "eng", "test_certificates.sh"), place, "node"]);
        await script.WaitForExitAsync(TestContext.Current.CancellationToken);
        script.ExitCode.ShouldBe(0);
        return new NodeTls { CertificateFile = Path.Combine(place, "node.crt"), KeyFile = Path.Combine(place, "node.key"), AuthorityFile = Path.Combine(place, "authority.crt") };
    }
}
