using LinqToDB.Async;
using LinqToDB.Data;

namespace DynaHug.Coordinator.Hosting.Sql;

/// <summary>
/// A set of tables with a version of its own, brought up to date step by step in one transaction. A step is never changed once released.
/// </summary>
/// <param name="name">What these tables are, for messages.</param>
/// <param name="versionTable">Table that holds the versions reached.</param>
/// <param name="steps">What leads from each version to the next.</param>
internal sealed class VersionedSchema(string name, string versionTable, IReadOnlyList<SchemaStep> steps)
{
    /// <summary>Any number that nothing else locks: whoever brings tables up to date waits for whoever does so now.</summary>
    private const long MigrationLock = 7_100_171;

    public string Name => name;

    /// <summary>Version that this program reads and writes.</summary>
    public int Version => steps.Count;

    /// <summary>The version that is there; 0 where there is none.</summary>
    public int Found(DataConnection db, bool isPostgres)
    {
        var tables = isPostgres
            ? $"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = '{versionTable}'"
            : $"SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '{versionTable}'";
        return db.Execute<int>(tables) == 0 ? 0 : db.Execute<int>($"SELECT COALESCE(MAX(version), 0) FROM {versionTable}");
    }

    /// <returns>The version that was there before.</returns>
    /// <exception cref="UsageException">A later version has made them.</exception>
    public async Task<int> MigrateAsync(DataConnection db, SqlStore store, CancellationToken cancel)
    {
        await using var transaction = await db.BeginTransactionAsync(cancel);
        if (store.IsPostgres)
        {
            await db.ExecuteAsync($"SELECT pg_advisory_xact_lock({MigrationLock})", cancel);
        }

        var found = Found(db, store.IsPostgres);
        if (found > Version)
        {
            throw new UsageException($"the {name} in {store} has version {found} and this program knows {Version}; use a later program");
        }

        if (found == 0)
        {
            await db.ExecuteAsync($"CREATE TABLE IF NOT EXISTS {versionTable} (version INTEGER NOT NULL)", cancel);
        }

        for (var version = found + 1; version <= Version; version++)
        {
            foreach (var statement in steps[version - 1].For(store.IsPostgres))
            {
                await db.ExecuteAsync(store.IsPostgres ? ForPostgres(statement) : statement, cancel);
            }

            await db.ExecuteAsync($"INSERT INTO {versionTable} (version) VALUES ({version})", cancel);
        }

        await transaction.CommitAsync(cancel);
        return found;
    }

    /// <exception cref="UsageException">Another version is there.</exception>
    public void RequireCurrent(DataConnection db, SqlStore store)
    {
        var found = Found(db, store.IsPostgres);
        if (found != Version)
        {
            var remedy = found > Version ? "use a later program"
                : store.IsPostgres ? "run 'dynahug migrate' with the same --db once, while no earlier program writes to it"
                : "start a node of this program on the folder once (dynahug up)";
            throw new UsageException($"the {name} in {store} has version {found} and this program needs {Version}; {remedy}");
        }
    }

    /// <summary>Texts compare by their bytes, as they do in SQLite: keys page in the same order whatever the database's locale.</summary>
    private static string ForPostgres(string statement) => statement.Replace(" TEXT", " TEXT COLLATE \"C\"", StringComparison.Ordinal);
}
