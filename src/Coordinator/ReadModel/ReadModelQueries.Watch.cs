using DynaHug.Crawler.Hub;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Wire;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What the watch over the hub asks.</summary>
public sealed partial class ReadModelQueries
{
    private static readonly string[] Listed = [Availability.Public.Name(), Availability.Gated.Name()];

    /// <summary>Of these listed repos those of which the listing shows something that is not known yet: one query for many, so that no entity is woken for nothing.</summary>
    public async Task<IReadOnlyList<ListedRepo>> NewsAsync(IReadOnlyList<ListedRepo> listed, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(listed);
        var news = new List<ListedRepo>(listed.Count);
        await using var db = database.Open();
        foreach (var page in listed.Chunk(WorkPage))
        {
            var names = page.Select(repo => repo.Repo.Value).ToList();
            var known = await db.Repos.Where(row => names.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancel);
            news.AddRange(page.Where(repo => !(known.TryGetValue(repo.Repo.Value, out var row) && Shows(repo, row))));
        }

        return news;
    }

    /// <summary>Repos that were to be had, whose place lies behind one place and before another (both left out; null: from the start, to the end), and that are none of those shown: a walk that has come from the one to the other should have shown them.</summary>
    /// <param name="most">At most so many.</param>
    public async Task<IReadOnlyList<RepoId>> NotShownAsync(HubPlace? behind, HubPlace? before, IReadOnlySet<RepoId> shown, int most, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(shown);
        var (youngest, from) = (behind?.CreatedAt.UtcTicks ?? long.MaxValue, behind?.Key ?? "");
        var (oldest, to) = (before?.CreatedAt.UtcTicks ?? long.MinValue, before?.Key ?? "");
        await using var db = database.Open();
        var made = db.Repos
            .Where(row => row.CreatedAt <= youngest && row.CreatedAt >= oldest && Listed.Contains(row.Availability))
            .Where(row => row.CreatedAt < youngest || row.HubKey!.CompareTo(from) > 0)
            .Where(row => row.CreatedAt > oldest || row.HubKey!.CompareTo(to) < 0)
            .OrderByDescending(row => row.CreatedAt)
            .Select(row => row.Id);
        var missing = new List<RepoId>();
        await foreach (var name in made.AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (RepoId.TryParse(name, out var repo) && !shown.Contains(repo))
            {
                missing.Add(repo);
            }

            if (missing.Count == most)
            {
                break;
            }
        }

        return missing;
    }

    /// <summary>A listing does not tell what the hub's own scan says, so that this is no difference.</summary>
    private static bool Shows(ListedRepo listed, RepoRow row) =>
        listed.Commit == row.Revision && listed.Facts with { HubScan = row.HubScan } == FactsOf(row) && RepoState.AvailabilityOf(listed.Facts).Name() == row.Availability;

    private static RepoFacts FactsOf(RepoRow row) =>
        new(row.PipelineTag, row.Library, row.Likes, row.Downloads, Stored.Moment(row.LastModified), row.Gated, row.HubScan, PlaceOf(row));

    private static HubPlace? PlaceOf(RepoRow row) => Stored.Moment(row.CreatedAt) is { } createdAt && row.HubKey is { } key ? new HubPlace(createdAt, key) : null;
}
