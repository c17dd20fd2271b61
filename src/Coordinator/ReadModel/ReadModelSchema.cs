using DynaHug.Coordinator.Hosting;
using LinqToDB.Data;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// Brings the read model's tables to this version, step by step; a step is never changed once released. Everything in here can be
/// made again from the journal.
/// </summary>
public sealed class ReadModelSchema(ReadModelDatabase database)
{
    private static readonly string[][] Steps = [SchemaStep1.Statements, SchemaStep2.Statements, SchemaStep3.Statements, SchemaStep4.Statements, SchemaStep5.Statements, SchemaStep6.Statements];

    /// <summary>Version of the tables that this build reads and writes.</summary>
    public static int Version => Steps.Length;

    /// <exception cref="UsageException">Another version has written the file: only a node, or a command that owns the folder, brings it up to date.</exception>
    public void RequireCurrent()
    {
        using var db = database.Open();
        var found = db.Execute<int>("SELECT COALESCE(MAX(version), 0) FROM schema_version");
        if (found != Version)
        {
            throw new UsageException($"{database.File} has version {found} and this program reads {Version}; start a node of this program on the folder once (dynahug up)");
        }
    }

    /// <exception cref="UsageException">A later version has written the file.</exception>
    public async Task MigrateAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(database.File)!);
        await using var db = database.Open();
        await ReadModelDatabase.UseWriteAheadLogAsync(db, cancel);
        await db.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)", cancel);
        var found = await db.ExecuteAsync<int>("SELECT COALESCE(MAX(version), 0) FROM schema_version", cancel);
        if (found > Version)
        {
            throw new UsageException($"{database.File} has version {found} and this program knows {Version}; use a later program, or delete the file to have it made again from the journal");
        }

        for (var version = found + 1; version <= Version; version++)
        {
            await using var transaction = await db.BeginTransactionAsync(cancel);
            foreach (var statement in Steps[version - 1])
            {
                await db.ExecuteAsync(statement, cancel);
            }

            await db.ExecuteAsync($"INSERT INTO schema_version (version) VALUES ({version})", cancel);
            await transaction.CommitAsync(cancel);
        }
    }
}
