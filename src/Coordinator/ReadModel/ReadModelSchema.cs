using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Hosting.Sql;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Brings the read model's tables to this version. Everything in them can be made again from the journal.</summary>
public sealed class ReadModelSchema(ReadModelDatabase database)
{
    private static readonly VersionedSchema Tables = new(
        "read model",
        "schema_version",
        [
            SchemaStep1.Statements, SchemaStep2.Statements, SchemaStep3.Statements, SchemaStep4.Statements, SchemaStep5.Statements, SchemaStep6.Statements, SchemaStep7.Statements,
            SchemaStep8.Statements, SchemaStep9.Statements, SchemaStep10.Step,
        ]);

    /// <summary>Version of the tables that this build reads and writes.</summary>
    public static int Version => Tables.Version;

    /// <exception cref="UsageException">Another version has written them: only a command or node that may do so brings them up to date.</exception>
    public void RequireCurrent()
    {
        using var db = database.Open();
        Tables.RequireCurrent(db, database.Store);
    }

    /// <returns>The version that was there before; 0 where there was none.</returns>
    /// <exception cref="UsageException">A later version has written them.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancel)
    {
        await database.PrepareAsync(cancel);
        await using var db = database.Open();
        return await Tables.MigrateAsync(db, database.Store, cancel);
    }
}
