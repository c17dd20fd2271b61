using DynaHug.Crawler.Fetching;
using DynaHug.Crawler.Sparse;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;

namespace DynaHug.Crawler.Tests;

/// <summary>Parts that arrive in any order, over a real partial file and blob store.</summary>
public sealed class ParallelPartsSpecs : IDisposable
{
    private const int Part = 8 << 20;

    private static readonly byte[] Bytes = MakeBytes((5 * Part) + 12_345);
    private static readonly RepoFile Model = new("model.bin", Bytes.Length, ContentKey.Of(Sha256.OfBytes(Bytes)));

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-parts-");
    private readonly BlobFolder blobs;

    public ParallelPartsSpecs() => blobs = new BlobFolder(folder.FullName);

    private static CancellationToken Cancel => CrawlerSandbox.Cancel;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Parts_that_arrive_in_any_order_make_the_file()
    {
        var source = new Parts(Bytes) { Delay = offset => offset / Part % 2 == 1 ? TimeSpan.FromMilliseconds(80) : TimeSpan.Zero };
        await using (var partial = PartialFile.Open(blobs, Model.Content))
        {
            await using var download = await BeginAsync(partial);
            (await ParallelParts.TakeAllAsync(source, download, Cancel)).ShouldBeTrue();
            (await download.FinishAsync(blobs)).ShouldBe(new FetchResult.Stored(Model.Content.Sha256!));
        }

        (await blobs.ReadAsync(Model.Content.Sha256!, Cancel)).ShouldBe(Bytes);
        source.Asked.Order().ShouldBe(Enumerable.Range(0, 6).Select(part => (long)part * Part));
        source.MostAtATime.ShouldBeInRange(2, 4);
        source.AtATimeAtFirst.ShouldBe(1, "the first part alone finds out where the file lies");
    }

    [Fact]
    public async Task What_came_before_a_refused_part_stays_and_is_not_asked_for_again()
    {
        var source = new Parts(Bytes) { RefusedFrom = 3 * Part };
        await using (var partial = PartialFile.Open(blobs, Model.Content))
        {
            await using var download = await BeginAsync(partial);
            (await ParallelParts.TakeAllAsync(source, download, Cancel)).ShouldBeFalse();
            (download.Have, download.IsWhole).ShouldBe((3 * Part, false));
        }

        var again = new Parts(Bytes);
        await using var rest = PartialFile.Open(blobs, Model.Content);
        await using var resumed = await BeginAsync(rest);
        resumed.Have.ShouldBe(3 * Part);
        (await ParallelParts.TakeAllAsync(again, resumed, Cancel)).ShouldBeTrue();

        (await resumed.FinishAsync(blobs)).ShouldBe(new FetchResult.Stored(Model.Content.Sha256!));
        again.Asked.Min().ShouldBe(3 * Part);
    }

    [Fact]
    public async Task Parts_of_another_file_are_found_out_by_the_hash_and_none_stay()
    {
        var other = (byte[])Bytes.Clone();
        other[^1] ^= 1;
        await using var partial = PartialFile.Open(blobs, Model.Content);
        await using var download = await BeginAsync(partial);

        (await ParallelParts.TakeAllAsync(new Parts(other), download, Cancel)).ShouldBeTrue();

        (await download.FinishAsync(blobs)).ShouldBeOfType<FetchResult.NotFetched>().Outcome.ShouldBe(Outcome.Corrupt);
        partial.Length.ShouldBe(0);
        (await blobs.ContainsAsync(Model.Content.Sha256!, Cancel)).ShouldBeFalse();
    }

    private static async Task<Download> BeginAsync(PartialFile partial)
    {
        var download = new Download(Model, partial, Cancel);
        await download.BeginAsync();
        return download;
    }

    private static byte[] MakeBytes(int count)
    {
        var bytes = new byte[count];
        new Random(5).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A file in memory that counts what is asked of it.</summary>
    private sealed class Parts(byte[] bytes) : IRanges
    {
        private readonly Lock gate = new();
        private int underWay;

        public Func<long, TimeSpan> Delay { get; init; } = _ => TimeSpan.Zero;

        public long RefusedFrom { get; init; } = long.MaxValue;

        public List<long> Asked { get; } = [];

        public int MostAtATime { get; private set; }

        /// <summary>Most at a time while only the first part was known.</summary>
        public int AtATimeAtFirst { get; private set; }

        public long Size => bytes.Length;

        public async Task ReadAsync(long offset, Memory<byte> target, CancellationToken cancel)
        {
            lock (gate)
            {
                Asked.Add(offset);
                MostAtATime = Math.Max(MostAtATime, ++underWay);
            }

            await Task.Delay(Delay(offset) + TimeSpan.FromMilliseconds(20), cancel);
            lock (gate)
            {
                AtATimeAtFirst = offset == 0 ? Asked.Count : AtATimeAtFirst;
                underWay--;
            }

            if (offset >= RefusedFrom)
            {
                throw new RangesRefusedException("refused");
            }

            bytes.AsMemory((int)offset, target.Length).CopyTo(target);
        }
    }
}
