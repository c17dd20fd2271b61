using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What the repos of a batch show of their files, in the places that the repos have in lists: read, kept and written as their <see cref="RepoRows"/> are.</summary>
internal sealed class RepoFacets(ReadModelConnection db)
{
    private readonly HashSet<FacetRow> known = [];
    private readonly Dictionary<string, IReadOnlyCollection<string>> indicators = [];

    /// <summary>Each repo with each of its indicators.</summary>
    public IEnumerable<(string Repo, string Item)> Indicators => indicators.SelectMany(repo => repo.Value, (repo, item) => (repo.Key, item));

    public async Task LoadAsync(RepoRows repos, CancellationToken cancel)
    {
        foreach (var some in repos.NotBare)
        {
            known.UnionWith(await db.Facets.Where(row => some.Contains(row.Repo)).ToListAsync(cancel));
        }

        foreach (var ofRepo in known.Where(row => row.Kind == FacetKind.Indicator).GroupBy(row => row.Repo))
        {
            indicators[ofRepo.Key] = [.. ofRepo.Select(row => row.Item)];
        }
    }

    /// <summary>Takes the place of the indicators that were there.</summary>
    public void SetIndicators(string repo, IEnumerable<string> shown) => indicators[repo] = shown.ToHashSet();

    /// <summary>At the end of a batch: outcomes follow the files, and every facet the likes and the flag of its repo.</summary>
    public async Task StoreAsync(RepoRows repos, FileRows files, CancellationToken cancel)
    {
        var outcomes = files.All.Where(file => file.Outcome.Length > 0).Select(file => (file.Repo, Kind: FacetKind.Outcome, Item: file.Outcome)).Distinct();
        var wanted = Indicators.Select(shown => (shown.Repo, Kind: FacetKind.Indicator, shown.Item))
            .Concat(outcomes)
            .Select(shown => new FacetRow { Repo = shown.Repo, Kind = shown.Kind, Item = shown.Item, Likes = repos.Find(shown.Repo)!.Likes, FlaggedAt = repos.Find(shown.Repo)!.FlaggedAt })
            .ToHashSet();
        var others = wanted.Except(known).Concat(known.Except(wanted)).Select(row => row.Repo).ToHashSet();
        foreach (var some in others.Chunk(Replacing.AtATime))
        {
            await db.Facets.DeleteAsync(row => some.Contains(row.Repo), cancel);
            await db.Facets.BulkCopyAsync(wanted.Where(row => some.Contains(row.Repo)), cancel);
        }
    }
}
