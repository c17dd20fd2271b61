using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tracing;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tracing;

namespace DynaHug.Coordinator.Traces;

/// <summary>
/// Stored traces in their order, for pages and the API. A trace is large and whoever looks turns its pages: traces are unpacked one at a time, up to
/// <see cref="MostEvents"/> events, and the last one stays for as long as memory is not needed.
/// </summary>
public sealed class Timelines(BlobStore blobs)
{
    public const int MostEvents = 200_000;

    private const int MostSegments = 80;
    private const int LongestText = 400;

    private readonly SemaphoreSlim one = new(1, 1);
    private readonly WeakReference<Unpacked> last = new(null!);

    /// <returns>Null where the events were not kept or have been evicted.</returns>
    /// <exception cref="InvalidDataException">The stored trace is damaged.</exception>
    public async Task<Timeline?> ReadAsync(TraceSummary trace, TimelineQuery query, CancellationToken cancel)
    {
        if (trace.Events is not { } blob || !await blobs.ContainsAsync(blob, cancel))
        {
            return null;
        }

        await one.WaitAsync(cancel);
        try
        {
            if (!last.TryGetTarget(out var unpacked) || unpacked.Blob != blob)
            {
                var archive = await blobs.ReadAsync(blob, cancel);
                unpacked = await Task.Run(() => new Unpacked(blob, new LoadWindow(TraceArchive.Read(archive, MostEvents))), cancel);
                last.SetTarget(unpacked);
            }

            return Of(unpacked.Load, query);
        }
        finally
        {
            one.Release();
        }
    }

    internal static Timeline Of(LoadWindow load, TimelineQuery query)
    {
        var search = query.Search?.Trim() ?? "";
        var segments = new int[Math.Min(MostSegments, load.Events.Count)];
        var entries = new List<TimelineEntry>();
        var found = 0;
        int? next = null;
        for (var place = 0; place < load.Events.Count; place++)
        {
            var seen = load.Events[place];
            if ((query.Process is { } process && seen.Process != process) || (search.Length > 0 && !EventText.Mentions(seen, search)))
            {
                continue;
            }

            found++;
            segments[(int)((long)place * segments.Length / load.Events.Count)]++;
            if (place >= query.After && entries.Count < query.Size)
            {
                entries.Add(new TimelineEntry(place, seen.Process, seen.Thread, EventText.CallOf(seen), Printable.Of(EventText.Of(seen), LongestText)));
            }
            else if (place >= query.After)
            {
                next ??= place;
            }
        }

        return new Timeline(entries, next, found, load.Events.Count, load.Run.Events.Count >= MostEvents, segments);
    }

    private sealed record Unpacked(Sha256 Blob, LoadWindow Load);
}
