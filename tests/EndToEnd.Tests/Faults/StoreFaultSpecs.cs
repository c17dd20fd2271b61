using System.Diagnostics;

namespace DynaHug.EndToEnd.Tests.Faults;

/// <summary>A blob store that is full, or not there, while a cluster works. Run by eng/faults.sh; a bucket that is gone is tried by <see cref="BucketSpecs"/>.</summary>
[Trait("kind", "sandbox")]
[Trait("length", "long")]
public sealed class StoreFaultSpecs
{
    private static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(9);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task A_folder_that_is_not_there_for_a_while_is_waited_for()
    {
        Assert.SkipUnless(FaultCluster.WhyNot.Length == 0, FaultCluster.WhyNot);
        await using var cluster = await FaultCluster.MakeAsync(benign: 4);
        await cluster.StartAllAsync();
        await cluster.UntilAsync("SELECT COUNT(*) FROM journal WHERE manifest = 'artifact.fetched/1'", fetched => fetched >= 1, PassLimit);

        Directory.Move(cluster.Blobs, $"{cluster.Blobs}-away");
        await Task.Delay(Outage, TestContext.Current.CancellationToken);
        Directory.Exists(cluster.Blobs).ShouldBeFalse("a node has made a store of its own in place of the one that is away");
        Directory.Move($"{cluster.Blobs}-away", cluster.Blobs);

        await SettlesWithEveryVerdictAsync(cluster, "gone");
    }

    [Fact]
    public async Task A_full_disk_is_waited_for()
    {
        Assert.SkipUnless(FaultCluster.WhyNot.Length == 0, FaultCluster.WhyNot);
        await using var cluster = await FaultCluster.MakeAsync(benign: 4);
        Directory.CreateDirectory(cluster.Blobs);
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=16m", "dynahug-full", cluster.Blobs) == 0, "a small file system cannot be mounted here, so that none can be full");
        try
        {
            await cluster.StartAllAsync();
            await cluster.UntilAsync("SELECT COUNT(*) FROM journal WHERE manifest = 'artifact.fetched/1'", fetched => fetched >= 1, PassLimit);
            var filler = Path.Combine(cluster.Blobs, "filler");
            FillUp(filler);
            await Task.Delay(Outage, TestContext.Current.CancellationToken);
            FillUp(filler);
            await Task.Delay(Outage, TestContext.Current.CancellationToken);
            File.Delete(filler);

            await SettlesWithEveryVerdictAsync(cluster, "full");
        }
        finally
        {
            await RunAsync("umount", "-l", cluster.Blobs);
        }
    }

    private static async Task SettlesWithEveryVerdictAsync(FaultCluster cluster, string name)
    {
        var healed = Stopwatch.StartNew();
        await cluster.SettleAsync(PassLimit);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: settled {healed.Elapsed.TotalSeconds:0} s after the store was well again");
        await cluster.UntilAsync("SELECT COUNT(*) FROM repos WHERE label = 3", malicious => malicious == 1, FaultCluster.Soon);
        (await cluster.GivenUpAsync()).ShouldBe(0, "the fault was nobody's fault");
    }

    /// <summary>Appends until there is no room.</summary>
    private static void FillUp(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Append);
            while (true)
            {
                stream.Write(new byte[4096]);
                stream.Flush();
            }
        }
        catch (IOException)
        {
            // Full, as wanted.
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
