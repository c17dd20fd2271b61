using DynaHug.Coordinator.Tests.Dashboard;
using DynaHug.Shared.Tests;

namespace DynaHug.Coordinator.Tests.Telemetry;

/// <summary>What a node serves at <c>/metrics</c> is read by a real Prometheus, and our alert rules hold on it.</summary>
public sealed class PrometheusSpecs(HostileNode node) : IClassFixture<HostileNode>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_real_server_scrapes_a_node_and_evaluates_the_alert_rules()
    {
        Assert.SkipUnless(File.Exists(PrometheusServer.Program), $"no Prometheus at {PrometheusServer.Program} (Debian: prometheus)");
        await using var prometheus = new PrometheusServer(node.Running.Address, Path.Combine(Repository.Root, "k8s", "monitoring", "alerts.yaml"));

        (await prometheus.ValueAsync("up{job=\"dynahug\"} == 1", Cancel)).ShouldBe(1);
        (await prometheus.ValueAsync("dynahug_queue_slots{queue=\"trace-queue\"}", Cancel)).ShouldBe(0, "no worker has joined");
        (await prometheus.ValueAsync("sum(dynahug_queue_jobs{state=\"waiting\", lane=\"bulk\"}) by (queue)", Cancel)).ShouldBe(0);
        (await prometheus.ValueAsync("max(dynahug_repos{label=\"malicious\"}) > 0", Cancel)).ShouldBe(2);
        (await prometheus.ValueAsync("max(dynahug_files{outcome=\"analysed\"}) > 0", Cancel)).ShouldBe(3);

        var rules = await prometheus.RulesAsync(Cancel);
        rules.Keys.ShouldContain("NothingMoves");
        rules.Values.ShouldAllBe(health => health == "ok");
    }
}
