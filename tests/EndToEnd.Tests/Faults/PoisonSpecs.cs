using DynaHug.Shared.Verdicts;

namespace DynaHug.EndToEnd.Tests.Faults;

/// <summary>A file whose load ends its worker each time, whatever the reason. The kill comes from here, as soon as the file is in a sandbox. Run by eng/faults.sh.</summary>
[Trait("kind", "sandbox")]
[Trait("length", "long")]
public sealed class PoisonSpecs
{
    private const int Attempts = 3;
    private const string Repo = "poison/kills-workers";

    private static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(9);

    [Fact]
    public async Task A_file_that_kills_its_worker_each_time_is_quarantined_and_never_called_benign_while_all_others_get_their_verdicts()
    {
        Assert.SkipUnless(FaultCluster.WhyNot.Length == 0, FaultCluster.WhyNot);
        await using var cluster = await FaultCluster.MakeAsync(benign: 2);
        await cluster.StartAllAsync();
        await cluster.SettleAsync(PassLimit);
        var poison = Path.Combine(cluster.HubFolder, "..", "poison.bin");
        await File.WriteAllBytesAsync(poison, SleepsLong(), TestContext.Current.CancellationToken);
        (await Dynahug.RunAsync("hub", "push", cluster.HubFolder, Repo, poison)).ExitCode.ShouldBe(0);

        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            await cluster.UntilLoadedAsync("worker-0", SleepsLong());
            await cluster.KillAsync("worker-0");
            cluster.Start("worker-0");
        }

        await cluster.UntilAsync($"SELECT COUNT(*) FROM files WHERE repo = '{Repo}' AND verdict LIKE '%quarantined%'", shown => shown == 1, PassLimit);
        await cluster.UntilAsync($"SELECT COALESCE(label, 0) FROM repos WHERE id = '{Repo}'", label => label >= (int)Label.Unknown, FaultCluster.Soon);
        (await cluster.CountAsync("SELECT COUNT(*) FROM artifacts WHERE outcome = 'error'")).ShouldBe(1, "and no other");
    }

    /// <summary>A pickle that sleeps for a minute and more: <c>time.sleep(100)</c>.</summary>
    private static byte[] SleepsLong() => "ctime\nsleep\n(I100\ntR."u8.ToArray();
}
