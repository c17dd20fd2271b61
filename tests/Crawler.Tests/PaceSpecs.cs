using DynaHug.Crawler.Fetching;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Crawler.Tests;

/// <summary>When a large file is read by several requests at a time, against a real hub.</summary>
public sealed class PaceSpecs
{
    private static readonly byte[] Large = MakeBytes(100 << 20);

    [Fact]
    public async Task A_stream_that_is_slow_is_left_for_parts_which_go_on_behind_it()
    {
        await using var sandbox = new CrawlerSandbox { Clock = new Hurried(1000) };
        sandbox.Put("acme/demo/large.bin", Large);
        await sandbox.StartAsync();

        (await sandbox.FetchAsync("acme/demo", "large.bin")).ShouldBe(new FetchResult.Stored(Sha256.OfBytes(Large)));

        var ranges = sandbox.Downloads.Where(request => request.ToFileHost).Select(request => request.Range).ToList();
        ranges[0].ShouldBeNull();
        ranges.Count.ShouldBeGreaterThan(8, "parts of 8 MiB");
        ranges.ShouldNotContain(range => range != null && range.StartsWith("bytes=0-", StringComparison.Ordinal), "what came by the stream is kept");
        sandbox.Downloads.Count(request => !request.ToFileHost).ShouldBe(1, "the hub itself is asked once");
    }

    [Fact]
    public async Task A_stream_that_is_fast_stays_the_only_one()
    {
        await using var sandbox = new CrawlerSandbox { Clock = new Hurried(0) };
        sandbox.Put("acme/demo/large.bin", Large);
        await sandbox.StartAsync();

        (await sandbox.FetchAsync("acme/demo", "large.bin")).ShouldBe(new FetchResult.Stored(Sha256.OfBytes(Large)));

        sandbox.Downloads.Where(request => request.ToFileHost).ShouldHaveSingleItem().Range.ShouldBeNull();
    }

    private static byte[] MakeBytes(int count)
    {
        var bytes = new byte[count];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Measures so many times the time that has passed.</summary>
    private sealed class Hurried(int times) : TimeProvider
    {
        private readonly long start = System.GetTimestamp();

        public override long GetTimestamp() => start + ((System.GetTimestamp() - start) * times);
    }
}
