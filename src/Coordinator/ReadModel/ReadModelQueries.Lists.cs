using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.DataProvider.SQLite;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// Lists of repos, by page (ADR 0020). The places of a page are found along one index that also holds all that is filtered by, and only then are its rows read. Where one of the
/// filters fits few repos, those are looked at instead.
/// </summary>
public sealed partial class ReadModelQueries
{
    private const string FlaggedIndex = "repos_flagged";

    /// <summary>How SQLite calls the index of a table's key.</summary>
    private const string KeyIndex = "sqlite_autoindex_repos_1";

    /// <summary>So many rows are found by their names at most, and put in order, before a walk along an index costs less.</summary>
    private const int Few = 10_000;

    /// <summary>The same where nothing else is filtered by, so that a walk ends when its page is full.</summary>
    private const int FewAlone = 1_500;

    /// <summary>Flagged repos, the newest flag first.</summary>
    /// <param name="after">Cursor of the page, null for the first.</param>
    public async Task<Paged<FlaggedRepo>> FlaggedAsync(RepoFilter filter, string? after, int size, CancellationToken cancel)
    {
        await using var db = database.Open();
        var places = Flags(db, filter).Select(row => new Place { Repo = row.Id, Number = row.FlaggedAt!.Value });
        var (rows, next) = await PageAsync(db, places, after, size, cancel);
        return new Paged<FlaggedRepo>([.. rows.Select(FlaggedOf)], next);
    }

    /// <summary>All repos, the most-liked first. A filter that only a flag can fit leaves the others out.</summary>
    /// <param name="after">Cursor of the page, null for the first.</param>
    public async Task<Paged<RepoSummary>> ReposAsync(RepoFilter filter, string? after, int size, CancellationToken cancel)
    {
        await using var db = database.Open();
        var found = filter.IsOfFlags() ? Flags(db, filter) : await FromRareSideAsync(db, filter, cancel) ?? Filtered(db.Repos, filter);
        var (rows, next) = await PageAsync(db, found.Select(row => new Place { Repo = row.Id, Number = row.Likes }), after, size, cancel);
        return new Paged<RepoSummary>([.. rows.Select(SummaryOf)], next);
    }

    /// <summary>Flagged repos by what they do or by whose they are, the group with the newest flag first.</summary>
    /// <param name="after">Cursor of the page, null for the first.</param>
    public async Task<Paged<FlagGroup>> FlagGroupsAsync(RepoFilter filter, bool byAuthor, string? after, int size, CancellationToken cancel)
    {
        await using var db = database.Open();
        var rows = Flags(db, filter);
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
        Filtered(db.Repos.AsSQLite().IndexedByHint(FlaggedIndex).Where(row => row.FlaggedAt != null), filter);

    /// <summary>The list by way of a filter that few repos fit; null where there is none such.</summary>
    private static async Task<IQueryable<RepoRow>?> FromRareSideAsync(ReadModelConnection db, RepoFilter filter, CancellationToken cancel)
    {
        List<(string Index, IQueryable<string> Names)> ordered = [.. Ordered(db, filter)];
        List<IQueryable<string>> unordered = [.. Unordered(db, filter)];
        foreach (var (index, names) in ordered)
        {
            if (await AreAtMostAsync(names, Few, cancel))
            {
                return Filtered(db.Repos.AsSQLite().IndexedByHint(index), filter);
            }
        }

        var most = ordered.Count + unordered.Count == 1 ? FewAlone : Few;
        foreach (var names in unordered)
        {
            if (await AreAtMostAsync(names, most, cancel))
            {
                return names.Take(most).Join(Filtered(db.Repos.AsSQLite().IndexedByHint(KeyIndex), filter), repo => repo, row => row.Id, (_, row) => row);
            }
        }

        return null;
    }

    private static async Task<bool> AreAtMostAsync(IQueryable<string> names, int most, CancellationToken cancel) => await names.Take(most + 1).CountAsync(cancel) <= most;

    /// <summary>What each filter alone leaves, of those whose index does not have the list's order.</summary>
    private static IEnumerable<IQueryable<string>> Unordered(ReadModelConnection db, RepoFilter filter)
    {
        if (filter.Q is { } part && RepoNames.CanFind(part))
        {
            yield return RepoNames.With(db, part);
        }

        if (filter.Indicator is { Length: > 0 } indicator)
        {
            yield return db.Facets.Where(shown => shown.Kind == FacetKind.Indicator && shown.Item == indicator).Select(shown => shown.Repo);
        }

        if (Names.Find<Outcome>(filter.Outcome) is { } outcome)
        {
            var name = outcome.Name();
            yield return db.Facets.Where(shown => shown.Kind == FacetKind.Outcome && shown.Item == name).Select(shown => shown.Repo);
        }

        if (filter.MinScore is { } score)
        {
            yield return db.Repos.Where(row => row.Score >= score).Select(row => row.Id);
        }
    }

    /// <summary>What each filter alone leaves, of those whose index has the list's order.</summary>
    private static IEnumerable<(string Index, IQueryable<string> Names)> Ordered(ReadModelConnection db, RepoFilter filter)
    {
        if (filter.Author is { Length: > 0 } author)
        {
            yield return ("repos_by_author", db.Repos.Where(row => row.Author == author).Select(row => row.Id));
        }

        if (Names.Find<Label>(filter.Label) is { } label)
        {
            yield return ("repos_by_label", db.Repos.Where(row => row.Label == (int)label).Select(row => row.Id));
        }

        if (filter.Cluster is { Length: > 0 } cluster)
        {
            yield return ("repos_by_cluster", db.Repos.Where(row => row.TaskCluster == cluster).Select(row => row.Id));
        }
    }

    private static IQueryable<RepoRow> Filtered(IQueryable<RepoRow> rows, RepoFilter filter)
    {
        if (Names.Find<Label>(filter.Label) is { } label)
        {
            rows = rows.Where(row => row.Label == (int)label);
        }

        if (filter.Cluster is { Length: > 0 } cluster)
        {
            rows = rows.Where(row => row.TaskCluster == cluster);
        }

        if (filter.Author is { Length: > 0 } author)
        {
            rows = rows.Where(row => row.Author == author);
        }

        if (filter.CaseOrNull() is { } state)
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

        if (filter.IsOfFlags())
        {
            var since = filter.FlaggedSince();
            rows = rows.Where(row => row.FlaggedAt >= since);
        }

        if (Names.Find<Outcome>(filter.Outcome) is { } outcome)
        {
            var line = Stored.Joined([outcome.Name()]);
            rows = rows.Where(row => row.Outcomes.Contains(line));
        }

        if (filter.Indicator is { Length: > 0 } indicator)
        {
            var line = Stored.Joined([indicator]);
            rows = rows.Where(row => row.Indicators.Contains(line));
        }

        if (filter.Q is { Length: > 0 } part)
        {
            var lower = part.ToLowerInvariant();
            rows = rows.Where(row => Sql.Lower(row.Id)!.Contains(lower));
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
