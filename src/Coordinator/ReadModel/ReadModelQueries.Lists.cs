using DynaHug.Shared.Hub;
using DynaHug.Shared.Wire;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.DataProvider.SQLite;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// Lists of repos, by page. The places of a page are found along one index that also holds what is filtered by, and only then are its rows read: a filter that
/// nothing fits costs a walk over that index and no row (SchemaStep8).
/// </summary>
public sealed partial class ReadModelQueries
{
    private const string FlaggedIndex = "repos_flagged";

    /// <summary>Flagged repos, the newest flag first.</summary>
    /// <param name="after">Cursor of the page, null for the first.</param>
    public async Task<Paged<FlaggedRepo>> FlaggedAsync(RepoFilter filter, string? after, int size, CancellationToken cancel)
    {
        await using var db = database.Open();
        await using var snapshot = await database.BeginReadingAsync(db, cancel);
        var places = FacetOf(filter) is var (kind, item)
            ? db.Facets.Where(shown => shown.Kind == kind && shown.Item == item && shown.FlaggedAt != null)
                .Join(Filtered(db, db.Repos, filter), shown => shown.Repo, row => row.Id, (shown, _) => new Place { Repo = shown.Repo, Number = shown.FlaggedAt!.Value })
            : Flags(db, filter).Select(row => new Place { Repo = row.Id, Number = row.FlaggedAt!.Value });
        var (rows, next) = await PageAsync(db, places, after, size, cancel);
        return new Paged<FlaggedRepo>(await FlaggedOfAsync(db, rows, cancel), next);
    }

    /// <summary>All repos, the most-liked first. A filter that only a flag can fit leaves the others out.</summary>
    /// <param name="after">Cursor of the page, null for the first.</param>
    public async Task<Paged<RepoSummary>> ReposAsync(RepoFilter filter, string? after, int size, CancellationToken cancel)
    {
        await using var db = database.Open();
        var places = FacetOf(filter) is var (kind, item)
            ? db.Facets.Where(shown => shown.Kind == kind && shown.Item == item)
                .Join(Filtered(db, db.Repos, filter), shown => shown.Repo, row => row.Id, (shown, _) => new Place { Repo = shown.Repo, Number = shown.Likes })
            : (filter.IsOfFlags ? Flags(db, filter) : Filtered(db, db.Repos, filter)).Select(row => new Place { Repo = row.Id, Number = row.Likes });
        var (rows, next) = await PageAsync(db, places, after, size, cancel);
        return new Paged<RepoSummary>([.. rows.Select(SummaryOf)], next);
    }

    /// <summary>Flagged repos by what they do or by whose they are, the group with the newest flag first.</summary>
    /// <param name="after">Cursor of the page, null for the first.</param>
    public async Task<Paged<FlagGroup>> FlagGroupsAsync(RepoFilter filter, bool byAuthor, string? after, int size, CancellationToken cancel)
    {
        await using var db = database.Open();
        var rows = FacetOf(filter) is var (kind, item)
            ? db.Facets.Where(shown => shown.Kind == kind && shown.Item == item && shown.FlaggedAt != null)
                .Join(Filtered(db, db.Repos, filter), shown => shown.Repo, row => row.Id, (_, row) => row)
            : Flags(db, filter);
        var groups = (byAuthor ? rows.GroupBy(row => row.Author) : rows.GroupBy(row => row.Payload))
            .Select(group => new { group.Key, Repos = group.LongCount(), Newest = group.Max(row => row.FlaggedAt), Example = group.Min(row => row.Id) });
        if (Cursor.Parse(after) is { } cursor)
        {
            groups = groups.Where(group => group.Newest < cursor.Number || (group.Newest == cursor.Number && group.Key.CompareTo(cursor.Text) > 0));
        }

        var page = await groups.OrderByDescending(group => group.Newest).ThenBy(group => group.Key).Take(size + 1).ToListAsync(cancel);
        return new Paged<FlagGroup>(
            [.. page.Take(size).Select(group => new FlagGroup(group.Key, group.Repos, Stored.Moment(group.Newest!.Value), RepoId.Parse(group.Example!)))],
            page.Count > size ? new Cursor(page[size - 1].Newest!.Value, page[size - 1].Key).ToString() : null);
    }

    private static async Task<(IReadOnlyList<RepoRow> Rows, string? Next)> PageAsync(
        ReadModelConnection db, IQueryable<Place> places, string? after, int size, CancellationToken cancel)
    {
        if (Cursor.Parse(after) is { } cursor)
        {
            places = places.Where(place => place.Number < cursor.Number || (place.Number == cursor.Number && place.Repo.CompareTo(cursor.Text) > 0));
        }

        var page = await places.OrderByDescending(place => place.Number).ThenBy(place => place.Repo).Take(size + 1)
            .Join(db.Repos, place => place.Repo, row => row.Id, (place, row) => new { place.Number, Row = row })
            .OrderByDescending(found => found.Number).ThenBy(found => found.Row.Id)
            .ToListAsync(cancel);
        return ([.. page.Take(size).Select(found => found.Row)], page.Count > size ? new Cursor(page[size - 1].Number, page[size - 1].Row.Id).ToString() : null);
    }

    /// <summary>SQLite keeps no figures of what its indexes hold and would take the wrong one; PostgreSQL does, and is asked nothing.</summary>
    private static IQueryable<RepoRow> Flags(ReadModelConnection db, RepoFilter filter) =>
        Filtered(db, db.Repos.AsSQLite().IndexedByHint(FlaggedIndex).Where(row => row.FlaggedAt != null), filter);

    /// <summary>The facet along whose index the list is read; where both are asked for, the rarer kind.</summary>
    private static (string Kind, string Item)? FacetOf(RepoFilter filter) =>
        filter.Indicator is { Length: > 0 } indicator ? (FacetKind.Indicator, indicator)
        : filter.Outcome is { } outcome ? (FacetKind.Outcome, outcome.Name())
        : null;

    private static IQueryable<RepoRow> Filtered(ReadModelConnection db, IQueryable<RepoRow> rows, RepoFilter filter)
    {
        if (filter.Search is { Length: > 0 } search)
        {
            var lower = search.ToLowerInvariant();
            rows = rows.Where(row => Sql.Lower(row.Id)!.Contains(lower));
        }

        if (filter.Label is { } label)
        {
            rows = rows.Where(row => row.Label == (int)label);
        }

        if (filter.TaskCluster is { Length: > 0 } taskCluster)
        {
            rows = rows.Where(row => row.TaskCluster == taskCluster);
        }

        if (filter.Author is { Length: > 0 } author)
        {
            rows = rows.Where(row => row.Author == author);
        }

        if (filter.Case is { Length: > 0 } state)
        {
            rows = rows.Where(row => row.CaseState == state);
        }

        if (filter.Payload is { Length: > 0 } payload)
        {
            rows = rows.Where(row => row.Payload == payload);
        }

        if (filter.MinScore is { } score)
        {
            rows = rows.Where(row => row.Score >= score);
        }

        if (filter.MinLikes is { } likes)
        {
            rows = rows.Where(row => row.Likes >= likes);
        }

        if (filter.IsOfFlags)
        {
            var since = filter.FlaggedSince?.UtcTicks ?? 0;
            rows = rows.Where(row => row.FlaggedAt >= since);
        }

        if (filter is { Indicator.Length: > 0, Outcome: { } outcome })
        {
            var name = outcome.Name();
            rows = rows.Where(row => db.Facets.Where(shown => shown.Kind == FacetKind.Outcome && shown.Item == name).Select(shown => shown.Repo).Contains(row.Id));
        }

        return rows;
    }

    /// <summary>Where a repo stands in a list: by falling number, then by name.</summary>
    private sealed record Place
    {
        public string Repo { get; init; } = "";

        public long Number { get; init; }
    }
}
