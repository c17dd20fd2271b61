using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.ReadModel;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;

namespace DynaHug.Coordinator.Tests.ReadModel;

/// <summary>A read model in a folder of its own that goes with the test.</summary>
internal sealed class TemporaryReadModel : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dynahug-readmodel-").FullName;

    private readonly SqlStore store;

    private TemporaryReadModel(SqlStore? shared)
    {
        store = shared ?? SqlStore.InFile(File);
        Database = new ReadModelDatabase(store);
        Writer = new ReadModelWriter(Database);
        Queries = new ReadModelQueries(Database);
    }

    public string Folder => folder;

    public string File => Path.Combine(folder, "readmodel.db");

    public ReadModelDatabase Database { get; private set; }

    public ReadModelWriter Writer { get; private set; }

    public ReadModelQueries Queries { get; private set; }

    /// <param name="store">An empty database; a file of its own where null.</param>
    public static async Task<TemporaryReadModel> MakeAsync(CancellationToken cancel, SqlStore? store = null)
    {
        var made = new TemporaryReadModel(store);
        await new ReadModelSchema(made.Database).MigrateAsync(cancel);
        return made;
    }

    /// <summary>Runs a statement past all that the program does.</summary>
    public async Task ExecuteAsync(string statement, CancellationToken cancel)
    {
        await using var db = Database.Open();
        await db.ExecuteAsync(statement, cancel);
    }

    /// <summary>As a new process finds it.</summary>
    public async Task ReopenAsync(CancellationToken cancel)
    {
        SqliteConnection.ClearAllPools();
        Database = new ReadModelDatabase(store);
        await new ReadModelSchema(Database).MigrateAsync(cancel);
        Writer = new ReadModelWriter(Database);
        Queries = new ReadModelQueries(Database);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
