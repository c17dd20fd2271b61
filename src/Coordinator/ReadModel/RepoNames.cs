using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.SQLite;
using LinqToDB.Mapping;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// Finds repos by a part of their names, along an index of every three letters: in PostgreSQL one of the repos themselves (pg_trgm), in SQLite a table of names (FTS5), which
/// the projection adds new repos to; a name never changes.
/// </summary>
internal static class RepoNames
{
    /// <summary>A shorter part is in no such index, and so common that a list of those with it soon fills its page.</summary>
    private const int Shortest = 3;

    public static bool CanFind(string part) => part.Length >= Shortest;

    public static IQueryable<string> With(ReadModelConnection db, string part)
    {
        if (db.IsPostgres)
        {
            var lower = part.ToLowerInvariant();
            return db.Repos.Where(row => Sql.Lower(row.Id)!.Contains(lower)).Select(row => row.Id);
        }

        var phrase = $"\"{part.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return db.GetTable<NameRow>().Where(row => Sql.Ext.SQLite().Match(row.Id, phrase)).Select(row => row.Id);
    }

    /// <summary>Adds repos that were not there before.</summary>
    public static async Task AddAsync(ReadModelConnection db, IEnumerable<string> repos, CancellationToken cancel)
    {
        if (!db.IsPostgres)
        {
            await db.BulkCopyAsync(repos.Select(repo => new NameRow { Id = repo }), cancel);
        }
    }

    [Table("repo_names")]
    private sealed record NameRow
    {
        [Column("id")] public string Id { get; init; } = "";
    }
}
