using DynaHug.Crawler.Fetching;
using DynaHug.LocalHub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;

namespace DynaHug.Crawler.Tests.Sparse;

[Trait("kind", "python")]
public sealed class SparseFetchSpecs(Checkpoints checkpoints) : IClassFixture<Checkpoints>
{
    [Fact]
    public async Task Fetches_the_parts_that_decide_a_load_by_one_request_of_the_hubs_quota()
    {
        await using var sandbox = await StartAsync();
        var parts = (await FetchAsync(sandbox)).ShouldBeOfType<FetchResult.StoredSparse>();

        sandbox.Requests.Count(request => request.Target.Contains("/resolve/", StringComparison.Ordinal)).ShouldBe(1);
        sandbox.Requests.Count(request => request.ToFileHost).ShouldBe(2);
        parts.Reading.BytesRead.ShouldBeLessThan(200_000);
        (await sandbox.Blobs.ContainsAsync(parts.Declared, TestContext.Current.CancellationToken)).ShouldBeFalse();
        var place = sandbox.Blobs.PathOf(BlobKey.OfProgram(parts.Program));
        new FileInfo(place).Length.ShouldBe(new FileInfo(Big).Length);
        StaticReader.Read(place, "model.bin", new StaticOptions(), CrawlerSandbox.Cancel)
            .Structure.ShouldBe(StaticReader.Read(Big, "model.bin", new StaticOptions(), CrawlerSandbox.Cancel).Structure);
        Directory.EnumerateFiles(sandbox.Blobs.Incoming).ShouldBeEmpty();
    }

    [Fact]
    public async Task Fetches_all_of_what_may_depend_on_more_than_its_pickle()
    {
        await using var sandbox = await StartAsync(refused: true);
        var stored = (await FetchAsync(sandbox)).ShouldBeOfType<FetchResult.Stored>();
        (await sandbox.Blobs.ContainsAsync(stored.Artifact, TestContext.Current.CancellationToken)).ShouldBeTrue();
    }

    [Fact]
    public async Task Full_fetches_all()
    {
        await using var sandbox = await StartAsync();
        sandbox.Connect(options => options with { Sparse = false });
        (await FetchAsync(sandbox)).ShouldBeOfType<FetchResult.Stored>();
    }

    [Fact]
    public async Task A_load_for_each_file_gives_each_file_a_program_of_its_own()
    {
        await using var sandbox = await StartAsync();
        var shared = (await FetchAsync(sandbox)).ShouldBeOfType<FetchResult.StoredSparse>().Program;
        sandbox.Connect(options => options with { ShareTraces = false });
        (await FetchAsync(sandbox)).ShouldBeOfType<FetchResult.StoredSparse>().Program.ShouldNotBe(shared);
    }

    [Fact]
    public async Task A_hub_that_gives_no_parts_cuts_them_or_lets_its_addresses_run_out_is_coped_with()
    {
        await using var sandbox = await StartAsync();
        var faults = 2;
        sandbox.Faults = request => request.ToFileHost && request.Range is not null && faults-- > 0 ? new HubFault.CutAfter(1000) : null;
        (await FetchAsync(sandbox)).ShouldBeOfType<FetchResult.StoredSparse>();

        var parts = 0;
        sandbox.Faults = request => request.ToFileHost && ++parts == 2 ? new HubFault.Answer(403) : null;
        (await FetchAsync(sandbox)).ShouldBeOfType<FetchResult.StoredSparse>();

        sandbox.Faults = request => request.ToFileHost && request.Range is "bytes=0-65535" ? new HubFault.Answer(200, "all of it", "application/octet-stream") : null;
        (await FetchAsync(sandbox)).ShouldBeOfType<FetchResult.Stored>();
    }

    [Fact]
    public async Task Gated_files_keep_their_outcome()
    {
        await using var sandbox = await StartAsync();
        sandbox.Put("acme/demo/.hub.json", """{"gated":"auto"}""");
        (await FetchAsync(sandbox)).ShouldBeOfType<FetchResult.NotFetched>().Outcome.ShouldBe(Outcome.Gated);
    }

    private string Big => checkpoints.Of("understood").Single(file => file.EndsWith("/big.bin", StringComparison.Ordinal));

    private async Task<CrawlerSandbox> StartAsync(bool refused = false)
    {
        var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/pytorch_model.bin", refused ? [.. await File.ReadAllBytesAsync(Big, CrawlerSandbox.Cancel), 0] : await File.ReadAllBytesAsync(Big, CrawlerSandbox.Cancel));
        await sandbox.StartAsync();
        return sandbox;
    }

    private static async Task<FetchResult> FetchAsync(CrawlerSandbox sandbox)
    {
        var (revision, file) = await sandbox.FindAsync("acme/demo", "pytorch_model.bin");
        return await sandbox.Fetcher.FetchPartsAsync(revision.Repo, revision.Commit, file, CrawlerSandbox.Cancel);
    }
}
