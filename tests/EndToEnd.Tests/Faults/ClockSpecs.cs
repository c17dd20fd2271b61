using System.Diagnostics;

namespace DynaHug.EndToEnd.Tests.Faults;

/// <summary>Clocks of nodes that step while they work, as by an administrator or a bad time server. Run by eng/faults.sh.</summary>
[Trait("kind", "sandbox")]
[Trait("length", "long")]
public sealed class ClockSpecs
{
    private static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(9);

    [Fact]
    public async Task Clocks_that_step_by_hours_to_and_fro_lose_nothing()
    {
        Assert.SkipUnless(FaultCluster.WhyNot.Length == 0, FaultCluster.WhyNot);
        Assert.SkipUnless(SteppedClocks.WhyNot.Length == 0, SteppedClocks.WhyNot);
        await using var cluster = await FaultCluster.MakeAsync(benign: 4, stepped: true);
        await cluster.StartAllAsync();
        await cluster.UntilAsync("SELECT COUNT(*) FROM journal WHERE manifest = 'artifact.fetched/1'", fetched => fetched >= 1, PassLimit);

        var clock = Stopwatch.StartNew();
        cluster.Clocks.Step("coordinator-0", TimeSpan.FromHours(2));
        cluster.Clocks.Step("coordinator-1", TimeSpan.FromHours(-1));
        cluster.Clocks.Step("worker-0", TimeSpan.FromDays(-30));
        cluster.Clocks.Step("crawler-0", TimeSpan.FromDays(1));
        await Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        cluster.Clocks.Step("coordinator-0", TimeSpan.FromHours(-2));
        await cluster.SettleAsync(PassLimit);

        TestContext.Current.TestOutputHelper?.WriteLine($"settled {clock.Elapsed.TotalSeconds:0} s after the first step");
        (await cluster.GivenUpAsync()).ShouldBe(0, "the fault was nobody's fault");
        (await cluster.CountAsync("SELECT COUNT(*) FROM repos WHERE label = 3")).ShouldBe(1);
    }
}
