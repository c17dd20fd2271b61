using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Keeps what repos show of their files, in the places that the repos have in lists.</summary>
internal sealed class RepoFacets(ReadModelConnection db)
{
    /// <summary>Takes the place of the indicators that were there.</summary>
    public async Task SetIndicatorsAsync(string repo, IEnumerable<string> indicators, CancellationToken cancel)
    {
        await db.Facets.DeleteAsync(known => known.Repo == repo && known.Kind == FacetKind.Indicator, cancel);
        await db.Facets.BulkCopyAsync(indicators.Distinct().Select(indicator => new FacetRow { Repo = repo, Kind = FacetKind.Indicator, Item = indicator }), cancel);
    }

    /// <summary>At the end of a batch: outcomes follow the files, and every facet the likes and the flag of its repo.</summary>
    public async Task FollowAsync(RepoRows repos, CancellationToken cancel)
    {
        foreach (var some in repos.NotBare)
        {
            var known = await db.Facets.Where(row => some.Contains(row.Repo)).ToListAsync(cancel);
            var outcomes = await db.Files.Where(file => some.Contains(file.Repo) && file.Outcome != "").Select(file => new { file.Repo, file.Outcome }).Distinct().ToListAsync(cancel);
            var wanted = known.Where(row => row.Kind == FacetKind.Indicator)
                .Concat(outcomes.Select(shown => new FacetRow { Repo = shown.Repo, Kind = FacetKind.Outcome, Item = shown.Outcome }))
                .Select(row => row with { Likes = repos.Find(row.Repo)!.Likes, FlaggedAt = repos.Find(row.Repo)!.FlaggedAt })
                .ToHashSet();
            var others = wanted.Except(known).Concat(known.Except(wanted)).Select(row => row.Repo).ToHashSet();
            if (others.Count > 0)
            {
                await db.Facets.DeleteAsync(row => others.Contains(row.Repo), cancel);
                await db.Facets.BulkCopyAsync(wanted.Where(row => others.Contains(row.Repo)), cancel);
            }
        }
    }
}
