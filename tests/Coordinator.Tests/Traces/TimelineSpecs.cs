using DynaHug.Coordinator.Traces;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tracing;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tracing;

namespace DynaHug.Coordinator.Tests.Traces;

/// <summary>Stored events in their order: searched, paged, bounded.</summary>
public sealed class TimelineSpecs : IDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly string folder = Directory.CreateTempSubdirectory("dynahug-timeline-").FullName;
    private readonly BlobFolder blobs;

    public TimelineSpecs() => blobs = new BlobFolder(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("", null, 7)]
    [InlineData("execve", null, 3)]
    [InlineData("BASH", null, 2)]
    [InlineData("127.0.0.1:4444", null, 1)]
    [InlineData("", 2, 5)]
    [InlineData("connect", 1, 0)]
    public async Task Finds_events_by_call_path_argument_address_and_process(string search, int? process, int found)
    {
        var timeline = await ReadAsync(LoadsByHand.Running("/usr/bin/bash"), new TimelineQuery(search, process, 0, 100));

        timeline.Found.ShouldBe(found);
        timeline.Entries.Count.ShouldBe(found);
        timeline.Events.ShouldBe(7, "what came before the start marker is not the load's");
        timeline.Segments.Sum().ShouldBe(found);
    }

    [Fact]
    public async Task Pages_go_through_everything_once()
    {
        var run = LoadsByHand.Running("/bin/sh", reads: 500);
        var places = new List<int>();
        int? after = 0;
        while (after is { } place)
        {
            var page = await ReadAsync(run, new TimelineQuery(null, null, place, 64));
            places.AddRange(page.Entries.Select(entry => entry.Place));
            after = page.Next;
        }

        places.ShouldBe(Enumerable.Range(0, 507));
        (await ReadAsync(run, new TimelineQuery("read", null, 0, 10))).Segments.Count.ShouldBe(80);
    }

    [Fact]
    public async Task What_a_load_names_is_bounded_and_printable()
    {
        var timeline = await ReadAsync(LoadsByHand.Running("/tmp/\u001b[2J\u202e" + new string('x', 5000)), new TimelineQuery("/tmp", null, 0, 10));

        timeline.Entries.ShouldNotBeEmpty();
        timeline.Entries.ShouldAllBe(entry => entry.What.Length <= 400 && !entry.What.Any(char.IsControl) && !entry.What.Contains('\u202e'));
    }

    [Fact]
    public void A_trace_with_more_events_than_are_read_says_so()
    {
        var run = TraceArchive.Read(TraceArchive.Write(LoadsByHand.Running("/bin/sh", reads: 50)), mostEvents: 20);

        run.Events.Count.ShouldBe(20);
        run.Dropped.ShouldBe(39, "so that a summary of it is incomplete");
        TraceReader.Summarise(run).Complete.ShouldBeFalse();
    }

    [Fact]
    public async Task Events_that_are_no_longer_here_are_none_and_damaged_ones_are_refused()
    {
        var timelines = new Timelines(blobs);
        (await timelines.ReadAsync(Summary(null), new TimelineQuery(null, null, 0, 10), Cancel)).ShouldBeNull();
        (await timelines.ReadAsync(Summary(Sha256.OfBytes("gone"u8)), new TimelineQuery(null, null, 0, 10), Cancel)).ShouldBeNull();

        var damaged = await blobs.PutAsync(TraceArchive.Write(LoadsByHand.Running("/bin/sh")).AsMemory(0, 30), Cancel);
        await Should.ThrowAsync<InvalidDataException>(() => timelines.ReadAsync(Summary(damaged), new TimelineQuery(null, null, 0, 10), Cancel));
    }

    private static TraceSummary Summary(Sha256? events) => TraceReader.Summarise(LoadsByHand.Running("/bin/sh")) with { Events = events };

    private async Task<Timeline> ReadAsync(RunRecord run, TimelineQuery query) =>
        (await new Timelines(blobs).ReadAsync(Summary(await blobs.PutAsync(TraceArchive.Write(run), Cancel)), query, Cancel))!;
}
