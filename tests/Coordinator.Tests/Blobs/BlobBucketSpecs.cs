using Amazon.Runtime;
using DynaHug.Coordinator.Blobs;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tests;

namespace DynaHug.Coordinator.Tests.Blobs;

/// <summary>Against a real server of the S3 protocol; each store has a folder of its own, as nodes of several machines have.</summary>
[Trait("kind", "npm")]
public sealed class BlobBucketSpecs : BlobStoreSpecs, IClassFixture<S3Server>, IDisposable
{
    private readonly S3Server server;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-bucket-");
    private readonly BlobBucket store;
    private readonly BlobBucket elsewhere;

    public BlobBucketSpecs(S3Server server)
    {
        Assert.SkipUnless(server.WhyNot.Length == 0, server.WhyNot);
        this.server = server;
        (store, elsewhere) = (Open("store"), Open("elsewhere"));
    }

    protected override BlobStore Store => store;

    protected override BlobStore Elsewhere => elsewhere;

    /// <summary>Each spec has a prefix of its own.</summary>
    private string Prefix => folder.Name.ToLowerInvariant();

    public void Dispose()
    {
        store?.Dispose();
        elsewhere?.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_large_file_goes_in_parts_and_comes_back_whole()
    {
        var bytes = new byte[40 << 20];
        new Random(1).NextBytes(bytes);

        var name = await store.PutAsync(bytes, Cancel);

        (await elsewhere.ReadAsync(name, Cancel)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public async Task A_download_that_is_cut_goes_on_where_it_was()
    {
        var bytes = new byte[8 << 20];
        new Random(2).NextBytes(bytes);
        var name = await store.PutAsync(bytes, Cancel);
        await using var relay = new CuttingRelay(server.Endpoint, cutAfter: 1 << 20, cuts: 3);
        using var behind = Open("behind", relay.Address);

        (await behind.ReadAsync(name, Cancel)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();

        relay.CutsLeft.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_that_have_changed_in_the_bucket_are_never_given_out(bool program)
    {
        var key = program ? BlobKey.OfProgram(Sha256.OfBytes("program"u8)) : BlobKey.Of(Sha256.OfBytes("honest"u8));
        await store.PutAsync(key, (place, cancel) => File.WriteAllTextAsync(place, "honest", cancel), Cancel);
        var file = server.FileOf($"{Prefix}/{key.Place}");
        var bytes = await File.ReadAllBytesAsync(file, Cancel);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancel);

        await Should.ThrowAsync<InvalidDataException>(() => elsewhere.OpenAsync(key, Cancel));

        Directory.EnumerateFiles(Path.Combine(folder.FullName, "elsewhere"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
        (await store.ReadAsync(key.Name, Cancel).ContinueWith(read => read.IsCompletedSuccessfully, TaskScheduler.Default)).ShouldBe(!program, "the writer has its own copy of a content");
    }

    [Fact]
    public async Task What_is_wrong_with_bucket_or_credentials_is_said()
    {
        using var missing = new Bucket(BucketAddress.Parse($"s3://nowhere?endpoint={server.Endpoint}"), new BasicAWSCredentials(S3Server.Key, S3Server.Key));
        (await Should.ThrowAsync<BlobStoreException>(() => missing.RequireAsync(Cancel))).Message.ShouldContain("make the bucket");

        using var refused = new Bucket(BucketAddress.Parse(server.Address), new BasicAWSCredentials("SOMEBODY", "verysecret"));
        var message = (await Should.ThrowAsync<BlobStoreException>(() => refused.RequireAsync(Cancel))).Message;
        message.ShouldContain("refuses us");
        message.ShouldNotContain("verysecret");
    }

    [Fact]
    public async Task A_start_clears_away_what_a_killed_process_left_but_downloads_that_go_on()
    {
        await File.WriteAllTextAsync(Path.Combine(store.Incoming, "half"), "half", Cancel);
        await File.WriteAllTextAsync(Path.Combine(store.Incoming, "sha256-a.part"), "half", Cancel);

        using var again = Open("store");

        Directory.EnumerateFiles(again.Incoming).Select(Path.GetFileName).ShouldBe(["sha256-a.part"]);
    }

    protected override void Age(BlobKey key, DateTime writtenAt) => File.SetLastWriteTimeUtc(server.FileOf($"{Prefix}/{key.Place}"), writtenAt);

    protected override Task GoneAsync() => server.StopAsync();

    protected override Task BackAsync() => server.ResumeAsync();

    private BlobBucket Open(string name, Uri? endpoint = null)
    {
        var address = BucketAddress.Parse($"s3://{S3Server.Bucket}/{Prefix}?endpoint={endpoint ?? server.Endpoint}");
        return new BlobBucket(new Bucket(address, new BasicAWSCredentials(S3Server.Key, S3Server.Key)), Path.Combine(folder.FullName, name), cacheBytes: 1 << 30);
    }
}
