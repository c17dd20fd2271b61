using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Monitoring;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Tests.Monitoring;

/// <summary>A real blob store and a read model that says which of its contents are done with.</summary>
public sealed class BlobEvictorSpecs : IAsyncLifetime
{
    private const int Bytes = 1000;
    private static readonly DateTime LongAgo = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly Story story = new();
    private TemporaryReadModel readModel = null!;
    private BlobFolder blobs = null!;
    private int stored;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        readModel = await TemporaryReadModel.MakeAsync(Cancel);
        blobs = new BlobFolder(Path.Combine(readModel.Folder, "blobs"));
    }

    public ValueTask DisposeAsync()
    {
        readModel.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Deletes_what_is_analysed_the_oldest_first_and_no_more_than_it_must()
    {
        var contents = new[] { await StoreAsync(analysed: true), await StoreAsync(analysed: true), await StoreAsync(analysed: true) };

        (await EvictAsync(budget: 3 * Bytes)).ShouldBe(0);
        (await EvictAsync(budget: (2 * Bytes) - 1)).ShouldBe(2 * Bytes);

        (await HereAsync(contents)).ShouldBe([false, false, true]);
    }

    [Fact]
    public async Task Keeps_what_waits_and_what_is_no_content_of_a_hub_however_small_the_budget()
    {
        var waiting = await StoreAsync(analysed: false);
        var trace = await blobs.PutAsync(new byte[Bytes], Cancel);
        File.SetLastWriteTimeUtc(blobs.PathOf(trace), LongAgo);

        (await EvictAsync(budget: 0)).ShouldBe(0);

        (await HereAsync(waiting, trace)).ShouldBe([true, true]);
    }

    [Fact]
    public async Task Keeps_what_a_fetch_has_just_found_to_be_here()
    {
        var wanted = await StoreAsync(analysed: true);
        (await blobs.TryRenewAsync(BlobKey.Of(wanted), Cancel)).ShouldBeTrue();

        (await EvictAsync(budget: 0)).ShouldBe(0);

        (await HereAsync(wanted)).ShouldBe([true]);
        (await blobs.TryRenewAsync(BlobKey.Of(Story.Hash("not here")), Cancel)).ShouldBeFalse();
    }

    /// <summary>A content of its own, each later than the one before.</summary>
    private async Task<Sha256> StoreAsync(bool analysed)
    {
        var bytes = new byte[Bytes];
        bytes[0] = (byte)++stored;
        var artifact = await blobs.PutAsync(bytes, Cancel);
        File.SetLastWriteTimeUtc(blobs.PathOf(artifact), LongAgo.AddMinutes(stored));
        var file = new RepoFile("model.bin", Bytes, ContentKey.Of(artifact));
        var analysis = Story.BenignLoad("any") with { Artifact = artifact };
        story.Tell(new ArtifactEvents.Requested(file.Content, RepoId.Parse("acme/demo"), Story.CommitOf("acme/demo"), file, Lane.Bulk, Story.Start))
            .Tell(new ArtifactEvents.Fetched(file.Content, artifact, analysis.Static!, Story.Start));
        if (analysed)
        {
            story.Tell(new ArtifactEvents.Analysed(file.Content, analysis, Story.Start));
        }

        await story.ApplyToAsync(readModel.Writer, Cancel);
        return artifact;
    }

    private Task<bool[]> HereAsync(params Sha256[] contents) => Task.WhenAll(contents.Select(content => blobs.ContainsAsync(content, Cancel)));

    private async Task<long> EvictAsync(long budget)
    {
        using var evictor = new BlobEvictor(
            blobs, readModel.Queries, new NodeOptions { DataFolder = readModel.Folder, DiskBudgetBytes = budget }, TimeProvider.System, NullLogger<BlobEvictor>.Instance);
        return await evictor.EvictAsync(Cancel);
    }
}
