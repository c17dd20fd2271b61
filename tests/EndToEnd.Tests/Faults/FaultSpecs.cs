using System.Diagnostics;

namespace DynaHug.EndToEnd.Tests.Faults;

/// <summary>What befalls nodes, one after another while they work; afterwards nothing is lost and nothing is there twice. The long ones are run by eng/faults.sh.</summary>
[Trait("kind", "sandbox")]
public sealed class FaultSpecs
{
    /// <summary>Variable with the <c>dynahug.dll</c> of a former build, whose nodes those of this one then take the place of.</summary>
    private const string FormerBuild = "DYNAHUG_FORMER";

    private static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(9);

    [Fact]
    public async Task Killed_coordinator_killed_worker_and_crashed_database_lose_nothing()
    {
        Assert.SkipUnless(FaultCluster.WhyNot.Length == 0, FaultCluster.WhyNot);
        await using var cluster = await FaultCluster.MakeAsync(benign: 5);
        await cluster.StartAllAsync();
        await cluster.UntilAsync("SELECT COUNT(*) FROM journal WHERE manifest = 'artifact.fetched/1'", fetched => fetched >= 2, PassLimit);

        await cluster.KillAsync("coordinator-0");
        var killed = Stopwatch.StartNew();
        await cluster.KillAsync("worker-0");
        cluster.Start("worker-0");
        await cluster.Postgres.CrashAsync();
        await cluster.Postgres.ResumeAsync(TestContext.Current.CancellationToken);

        await cluster.SettleAsync(PassLimit);
        TestContext.Current.TestOutputHelper?.WriteLine($"settled {killed.Elapsed.TotalSeconds:0} s after the kill");
        await cluster.UntilAsync("SELECT COUNT(*) FROM repos WHERE label = 3", malicious => malicious == 1, FaultCluster.Soon);
    }

    [Fact]
    [Trait("length", "long")]
    public async Task A_worker_that_is_stopped_past_its_lease_gives_its_job_to_another_and_its_late_result_changes_nothing()
    {
        Assert.SkipUnless(FaultCluster.WhyNot.Length == 0, FaultCluster.WhyNot);
        await using var cluster = await FaultCluster.MakeAsync(benign: 4);
        await cluster.StartAllAsync();
        await cluster.UntilAsync("SELECT COUNT(*) FROM journal WHERE manifest = 'artifact.fetched/1'", fetched => fetched >= 2, PassLimit);

        await cluster.SignalAsync("worker-0", "STOP");
        cluster.Start("worker-1");
        await cluster.SettleAsync(PassLimit);
        await cluster.SignalAsync("worker-0", "CONT");
        await Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        await cluster.SettleAsync(PassLimit);
    }

    [Fact]
    [Trait("length", "long")]
    public async Task All_nodes_killed_at_once_and_started_again_go_on_where_they_were()
    {
        Assert.SkipUnless(FaultCluster.WhyNot.Length == 0, FaultCluster.WhyNot);
        await using var cluster = await FaultCluster.MakeAsync(benign: 4);
        await cluster.StartAllAsync();
        await cluster.UntilAsync("SELECT COUNT(*) FROM journal WHERE manifest = 'artifact.fetched/1'", fetched => fetched >= 2, PassLimit);

        string[] all = ["coordinator-0", "coordinator-1", "coordinator-2", "crawler-0", "worker-0"];
        await Task.WhenAll(all.Select(cluster.KillAsync));
        await cluster.StartAllAsync();

        await cluster.SettleAsync(PassLimit);
        var leaving = await cluster["worker-0"].InterruptAsync();
        leaving.ExitCode.ShouldBe(0, leaving.Errors);
        cluster.Sandboxes().ShouldBe(0, "a worker that ends leaves no sandbox behind");
    }

    [Fact]
    [Trait("length", "long")]
    public async Task Every_node_replaced_in_turn_while_repos_are_pushed_and_traced_loses_nothing_and_fails_nothing()
    {
        Assert.SkipUnless(FaultCluster.WhyNot.Length == 0, FaultCluster.WhyNot);
        await using var cluster = await FaultCluster.MakeAsync(benign: 6, program: Environment.GetEnvironmentVariable(FormerBuild));
        string[] nodes = ["coordinator-0", "coordinator-1", "crawler-0", "worker-0"];
        foreach (var name in nodes)
        {
            await cluster.Start(name).PrintsAsync(@"metrics\s+http", FaultCluster.Soon);
        }

        await cluster.UntilAsync("SELECT COUNT(*) FROM journal WHERE manifest = 'artifact.analysed/1'", analysed => analysed >= 1, PassLimit);

        cluster.Program = Dynahug.Program;
        await cluster.MigrateAsync();
        foreach (var (number, name) in nodes.Reverse().Index())
        {
            await cluster.PushAsync(100 + number);
            await cluster.ReplaceAsync(name);
        }

        await cluster.SettleAsync(PassLimit);
        await cluster.UntilAsync("SELECT COUNT(*) FROM repos WHERE label = 3", malicious => malicious == 1, FaultCluster.Soon);
        (await cluster.CountAsync("SELECT COUNT(*) FROM files WHERE outcome = 'error'")).ShouldBe(0, "a node that leaves fails no file");
        (await cluster.CountAsync("SELECT COUNT(*) FROM journal WHERE manifest = 'artifact.failed/1'")).ShouldBe(0, "nor any attempt");
    }
}
