using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.Tests.Blobs;

/// <summary>What holds of every blob store, whatever it keeps its blobs in.</summary>
public abstract class BlobStoreSpecs
{
    private static readonly DateTime LongAgo = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 100_000).Select(index => (byte)(index * 7))];

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The store that the specs write to.</summary>
    protected abstract BlobStore Store { get; }

    /// <summary>The same store as another node has it.</summary>
    protected abstract BlobStore Elsewhere { get; }

    [Fact]
    public async Task What_one_node_has_put_another_reads()
    {
        var name = await Store.PutAsync(Bytes, Cancel);
        (await Store.PutAsync(Bytes, Cancel)).ShouldBe(name);

        name.ShouldBe(Sha256.OfBytes(Bytes));
        (await Elsewhere.ContainsAsync(name, Cancel)).ShouldBeTrue();
        (await Elsewhere.ReadAsync(name, Cancel)).ShouldBe(Bytes);
        (await Store.ReadAsync(name, Cancel)).ShouldBe(Bytes);
        Directory.EnumerateFiles(Store.Incoming).ShouldBeEmpty();
        Directory.EnumerateFiles(Elsewhere.Incoming).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_finished_file_is_taken_while_its_writer_still_locks_it()
    {
        var bytes = Of("download");
        var key = BlobKey.Of(Sha256.OfBytes(bytes));
        var file = Path.Combine(Store.Incoming, "sha256-x.part");
        using (var locked = File.OpenHandle(file, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            RandomAccess.Write(locked, bytes, 0);
            await Store.AdoptAsync(file, locked, key, Cancel);
        }

        File.Exists(file).ShouldBeFalse();
        (await Elsewhere.ReadAsync(key.Name, Cancel)).ShouldBe(bytes);
        using var local = await Elsewhere.OpenAsync(key, Cancel);
        File.GetUnixFileMode(local.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    [Fact]
    public async Task What_is_not_here_is_neither_found_nor_renewed_nor_opened()
    {
        var key = BlobKey.Of(Sha256.OfBytes("never stored"u8));

        (await Store.ContainsAsync(key, Cancel)).ShouldBeFalse();
        (await Store.TryRenewAsync(key, Cancel)).ShouldBeFalse();
        await Should.ThrowAsync<FileNotFoundException>(() => Store.OpenAsync(key, Cancel));
        await Store.DeleteAsync(key, Cancel);
    }

    [Fact]
    public async Task A_program_comes_back_with_its_holes_and_counts_as_no_content()
    {
        const long Length = 3L << 30;
        var program = BlobKey.OfProgram(Sha256.OfBytes("program"u8));
        await Store.PutAsync(program, (place, cancel) => WriteHoledAsync(place, Length, cancel), Cancel);

        using var local = await Elsewhere.OpenAsync(program, Cancel);
        await using var file = File.OpenRead(local.Path);
        file.Length.ShouldBe(Length);
        (await ReadAsync(file, 0, 4)).ShouldBe("head"u8.ToArray());
        (await ReadAsync(file, Length / 2, 6)).ShouldBe("middle"u8.ToArray());
        (await ReadAsync(file, Length - 10, 10)).ShouldBe(new byte[10]);
        (await Store.ContainsAsync(program.Name, Cancel)).ShouldBeFalse();
        (await StoredAsync(program)).Bytes.ShouldBeLessThan(2 << 20);
    }

    [Fact]
    public async Task A_renewed_blob_counts_as_one_that_has_just_come()
    {
        var key = BlobKey.Of(await Store.PutAsync(Of("renewed"), Cancel));
        Age(key, LongAgo);
        (await StoredAsync(key)).WrittenAt.ShouldBe(LongAgo, TimeSpan.FromSeconds(2));

        (await Elsewhere.TryRenewAsync(key, Cancel)).ShouldBeTrue();

        (await StoredAsync(key)).WrittenAt.ShouldBe(TimeProvider.System.GetUtcNow().UtcDateTime, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_for_all_but_those_who_have_it_open()
    {
        var bytes = Of("deleted");
        var key = BlobKey.Of(await Store.PutAsync(bytes, Cancel));
        (await Store.TryRenewAsync(key, Cancel)).ShouldBeTrue();
        using var local = await Elsewhere.OpenAsync(key, Cancel);
        await using var open = File.OpenRead(local.Path);

        await Store.DeleteAsync(key, Cancel);

        (await Elsewhere.ContainsAsync(key, Cancel)).ShouldBeFalse();
        (await ReadAsync(open, 0, bytes.Length)).ShouldBe(bytes);
        (await Store.StoredAsync(Cancel)).ShouldNotContain(blob => blob.Key == key);
    }

    [Fact]
    public async Task A_store_that_is_gone_for_a_while_says_so_and_then_goes_on()
    {
        var before = await Store.PutAsync(Of("before"), Cancel);
        await GoneAsync();

        await Should.ThrowAsync<BlobStoreException>(() => Store.RequireAsync(Cancel));
        await Should.ThrowAsync<BlobStoreException>(() => Store.PutAsync(Of("during"), Cancel));
        await Should.ThrowAsync<BlobStoreException>(() => Elsewhere.OpenAsync(BlobKey.Of(before), Cancel));
        await BackAsync();

        await Store.RequireAsync(Cancel);
        (await Elsewhere.ReadAsync(before, Cancel)).ShouldBe(Of("before"));
        (await Elsewhere.ReadAsync(await Store.PutAsync(Of("after"), Cancel), Cancel)).ShouldBe(Of("after"));
    }

    /// <summary>Makes it look as if a blob had come at this time.</summary>
    protected abstract void Age(BlobKey key, DateTime writtenAt);

    protected abstract Task GoneAsync();

    protected abstract Task BackAsync();

    /// <summary>Bytes that differ from spec to spec and from run to run of none.</summary>
    private static byte[] Of(string name) => System.Text.Encoding.UTF8.GetBytes($"the bytes of {name}");

    private static async Task WriteHoledAsync(string place, long length, CancellationToken cancel)
    {
        await using var file = File.Create(place);
        file.SetLength(length);
        await file.WriteAsync("head"u8.ToArray(), cancel);
        file.Position = length / 2;
        await file.WriteAsync("middle"u8.ToArray(), cancel);
    }

    private static async Task<byte[]> ReadAsync(FileStream file, long offset, int count)
    {
        var bytes = new byte[count];
        file.Position = offset;
        await file.ReadExactlyAsync(bytes, Cancel);
        return bytes;
    }

    private async Task<StoredBlob> StoredAsync(BlobKey key) => (await Store.StoredAsync(Cancel)).Single(blob => blob.Key == key);
}
