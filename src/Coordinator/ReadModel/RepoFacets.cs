using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Keeps what repos show of their files, in their rows and as facets.</summary>
internal sealed class RepoFacets(ReadModelConnection db)
{
    /// <summary>At the end of a batch, before its rows are stored: outcomes follow the files, and facets the rows.</summary>
    public async Task FollowAsync(RepoRows rows, FileRows files, CancellationToken cancel)
    {
        foreach (var some in rows.NotBare.ToList())
        {
            var repos = some.Select(repo => rows.Find(repo)! with { Outcomes = Stored.Joined(files.Of(repo).Select(file => file.Outcome).Where(outcome => outcome.Length > 0)) }).ToList();
            foreach (var row in repos.Where(row => row != rows.Find(row.Id)))
            {
                rows.Put(row);
            }

            var known = (await db.Facets.Where(row => some.Contains(row.Repo)).ToListAsync(cancel)).ToHashSet();
            var wanted = repos.SelectMany(FacetsOf).ToHashSet();
            var others = wanted.Except(known).Concat(known.Except(wanted)).Select(row => row.Repo).ToHashSet();
            if (others.Count > 0)
            {
                await db.Facets.DeleteAsync(row => others.Contains(row.Repo), cancel);
                await db.Facets.BulkCopyAsync(wanted.Where(row => others.Contains(row.Repo)), cancel);
            }
        }
    }

    private static IEnumerable<FacetRow> FacetsOf(RepoRow row) =>
    [
        .. Stored.Lines(row.Outcomes).Select(outcome => new FacetRow { Repo = row.Id, Kind = FacetKind.Outcome, Item = outcome }),
        .. Stored.Lines(row.Indicators).Select(indicator => new FacetRow { Repo = row.Id, Kind = FacetKind.Indicator, Item = indicator }),
    ];
}
