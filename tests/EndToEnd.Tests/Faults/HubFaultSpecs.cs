using System.Diagnostics;

namespace DynaHug.EndToEnd.Tests.Faults;

/// <summary>A hub that is gone, refuses or is slow while a cluster walks it. Run by eng/faults.sh.</summary>
[Trait("kind", "sandbox")]
[Trait("length", "long")]
public sealed class HubFaultSpecs
{
    private static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(9);

    [Theory]
    [InlineData("down")]
    [InlineData("429", "--fail-share", "1", "--fail-status", "429")]
    [InlineData("500", "--fail-share", "0.7", "--fail-status", "500")]
    [InlineData("slow", "--latency", "5000")]
    public async Task A_hub_that_fails_for_a_minute_costs_a_minute_and_no_verdict(string name, params string[] faults)
    {
        Assert.SkipUnless(FaultCluster.WhyNot.Length == 0, FaultCluster.WhyNot);
        await using var cluster = await FaultCluster.MakeAsync(benign: 4);
        await cluster.StartAllAsync();
        await cluster.UntilAsync("SELECT COUNT(*) FROM journal WHERE manifest = 'repo.revision-observed/1'", observed => observed >= 1, PassLimit);

        await cluster.KillHubAsync();
        if (faults.Length > 0)
        {
            await cluster.StartHubAsync(faults);
        }

        await Task.Delay(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        if (faults.Length > 0)
        {
            await cluster.KillHubAsync();
        }

        var healed = Stopwatch.StartNew();
        await cluster.StartHubAsync();
        await cluster.SettleAsync(PassLimit);

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: settled {healed.Elapsed.TotalSeconds:0} s after the hub was well again");
        await cluster.UntilAsync("SELECT COUNT(*) FROM repos WHERE label = 3", malicious => malicious == 1, FaultCluster.Soon);
        (await cluster.GivenUpAsync()).ShouldBe(0, "the fault was nobody's fault");
    }
}
