using System.Diagnostics;

namespace DynaHug.EndToEnd.Tests.Faults;

/// <summary>A network that is cut between nodes, while all of them still reach the database: the side without the majority of coordinators must stop, or both would write. Run by eng/faults.sh.</summary>
[Trait("kind", "sandbox")]
[Trait("length", "long")]
public sealed class PartitionSpecs
{
    private static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(9);

    [Theory]
    [InlineData("coordinator-0")]
    [InlineData("worker-0")]
    public async Task A_node_that_is_cut_off_stops_by_itself_and_comes_back_when_it_is_started_again(string node)
    {
        Assert.SkipUnless(FaultCluster.WhyNot.Length == 0, FaultCluster.WhyNot);
        await using var cluster = await FaultCluster.MakeAsync(benign: 4, relayed: true);
        await cluster.StartAllAsync();
        await cluster.UntilAsync("SELECT COUNT(*) FROM journal WHERE manifest = 'artifact.fetched/1'", fetched => fetched >= 2, PassLimit);

        var clock = Stopwatch.StartNew();
        cluster.Network.CutOff(node);
        var stopped = await cluster[node].ExitAsync(FaultCluster.Soon);
        var stoppedAfter = clock.Elapsed;
        cluster.Network.Heal();
        cluster.Start(node);
        await cluster.SettleAsync(PassLimit);

        TestContext.Current.TestOutputHelper?.WriteLine($"{node} stopped {stoppedAfter.TotalSeconds:0} s after the cut, settled {clock.Elapsed.TotalSeconds:0} s after it");
        stopped.ExitCode.ShouldBe(2, stopped.Errors);
    }

    [Fact]
    public async Task A_cut_that_heals_in_seconds_stops_nobody()
    {
        Assert.SkipUnless(FaultCluster.WhyNot.Length == 0, FaultCluster.WhyNot);
        await using var cluster = await FaultCluster.MakeAsync(benign: 4, relayed: true);
        await cluster.StartAllAsync();
        await cluster.UntilAsync("SELECT COUNT(*) FROM journal WHERE manifest = 'artifact.fetched/1'", fetched => fetched >= 2, PassLimit);

        cluster.Network.CutOff("coordinator-0", "worker-0");
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken); // shorter than the failure detector's pause
        cluster.Network.Heal();
        await cluster.SettleAsync(PassLimit);

        cluster.Restarts.ShouldBe(0);
    }
}
