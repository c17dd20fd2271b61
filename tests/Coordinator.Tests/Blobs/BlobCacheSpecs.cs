using DynaHug.Coordinator.Blobs;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.Tests.Blobs;

public sealed class BlobCacheSpecs : IDisposable
{
    private const int Bytes = 1000;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-cache-");
    private readonly BlobCache cache;
    private int brought;

    public BlobCacheSpecs() => cache = new BlobCache(folder.FullName, 2 * Bytes);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Over_its_budget_what_was_not_used_for_longest_goes()
    {
        foreach (var name in new[] { "a", "b", "a", "c" })
        {
            (await OpenAsync(name)).Dispose();
        }

        Held().ShouldBe(2);
        brought.ShouldBe(3);
        (await OpenAsync("a")).Dispose();
        brought.ShouldBe(3, "a was used after b");
    }

    [Fact]
    public async Task What_is_open_stays_however_much_it_is()
    {
        var open = await Task.WhenAll(new[] { "a", "b", "c", "d" }.Select(OpenAsync));

        open.ShouldAllBe(blob => File.Exists(blob.Path));
        foreach (var blob in open)
        {
            blob.Dispose();
            blob.Dispose();
        }

        Held().ShouldBe(2);
    }

    [Fact]
    public async Task Who_asks_for_one_that_is_on_its_way_waits_for_it_and_tries_itself_where_it_does_not_come()
    {
        var arrival = new TaskCompletionSource<long>();
        var first = cache.OpenAsync(Key("a"), _ => arrival.Task, Cancel);
        var second = OpenAsync("a");
        brought.ShouldBe(0);

        arrival.SetException(new BlobStoreException("gone"));

        await Should.ThrowAsync<BlobStoreException>(() => first);
        (await second).Dispose();
        brought.ShouldBe(1);
    }

    [Fact]
    public async Task A_new_process_begins_empty()
    {
        (await OpenAsync("a")).Dispose();

        _ = new BlobCache(folder.FullName, 2 * Bytes);

        Held().ShouldBe(0);
    }

    private static BlobKey Key(string name) => BlobKey.Of(Sha256.OfBytes(System.Text.Encoding.UTF8.GetBytes(name)));

    private int Held() => folder.EnumerateFiles("*", SearchOption.AllDirectories).Count();

    private Task<LocalBlob> OpenAsync(string name) => cache.OpenAsync(
        Key(name),
        async place =>
        {
            Interlocked.Increment(ref brought);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            await File.WriteAllBytesAsync(place, new byte[Bytes], Cancel);
            return Bytes;
        },
        Cancel);
}
