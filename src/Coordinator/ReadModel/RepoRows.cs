using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// The repo rows that a batch of events touches: read at once before it, kept in memory meanwhile, written at once after it. A walk over a hub makes thousands of events a
/// second, and a statement for each of them would cost more than all the rest.
/// </summary>
internal sealed class RepoRows(ReadModelConnection db)
{
    private readonly Dictionary<string, RepoRow> rows = [];
    private readonly HashSet<string> changed = [];
    private readonly HashSet<string> bare = [];
    private readonly HashSet<string> unnamed = [];

    public IReadOnlyCollection<RepoRow> All => rows.Values;

    /// <summary>Names of those that have rows in other tables, by as many as one statement takes.</summary>
    public IEnumerable<string[]> NotBare => rows.Keys.Where(repo => !bare.Contains(repo)).Chunk(Replacing.AtATime);

    /// <summary>Reads rows, also such as were read before and may have been changed by others since.</summary>
    public async Task LoadAsync(IReadOnlyCollection<string> repos, CancellationToken cancel)
    {
        foreach (var some in repos.Chunk(Replacing.AtATime))
        {
            bare.UnionWith(some.Where(repo => !rows.ContainsKey(repo)));
            unnamed.UnionWith(some.Where(repo => !rows.ContainsKey(repo)));
            foreach (var row in await db.Repos.Where(row => some.Contains(row.Id)).ToListAsync(cancel))
            {
                if (!rows.ContainsKey(row.Id))
                {
                    bare.Remove(row.Id);
                    unnamed.Remove(row.Id);
                }

                rows[row.Id] = row;
            }
        }
    }

    public RepoRow? Find(string repo) => rows.GetValueOrDefault(repo);

    public void Put(RepoRow row)
    {
        rows[row.Id] = row;
        changed.Add(row.Id);
    }

    /// <summary>Nothing of this repo lies in any other table: it is new, and no file of it has been stored yet.</summary>
    public bool IsBare(string repo) => bare.Contains(repo);

    /// <summary>Rows of other tables are about to be stored for this repo.</summary>
    public void IsBareNoLonger(string repo) => bare.Remove(repo);

    /// <summary>Writes what was put.</summary>
    public async Task StoreAsync(CancellationToken cancel)
    {
        await db.Repos.ReplaceAsync(changed.Select(repo => rows[repo]), some =>
        {
            var repos = some.Select(row => row.Id).ToList();
            return row => repos.Contains(row.Id);
        }, cancel);
        await RepoNames.AddAsync(db, unnamed.Intersect(changed), cancel);
        unnamed.ExceptWith(changed);
        changed.Clear();
    }
}
