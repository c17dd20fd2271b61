using DynaHug.Coordinator.ReadModel;
using Microsoft.Data.Sqlite;

namespace DynaHug.Coordinator.Tests.ReadModel;

/// <summary>A read model in a folder of its own that goes with the test.</summary>
internal sealed class TemporaryReadModel : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dynahug-readmodel-").FullName;

    private TemporaryReadModel()
    {
        Database = new ReadModelDatabase(File);
        Writer = new ReadModelWriter(Database);
        Queries = new ReadModelQueries(Database);
    }

    public string Folder => folder;

    public string File => Path.Combine(folder, "readmodel.db");

    public ReadModelDatabase Database { get; private set; }

    public ReadModelWriter Writer { get; private set; }

    public ReadModelQueries Queries { get; private set; }

    public static async Task<TemporaryReadModel> MakeAsync(CancellationToken cancel)
    {
        var made = new TemporaryReadModel();
        await new ReadModelSchema(made.Database).MigrateAsync(cancel);
        return made;
    }

    /// <summary>As a new process finds it.</summary>
    public async Task ReopenAsync(CancellationToken cancel)
    {
        SqliteConnection.ClearAllPools();
        Database = new ReadModelDatabase(File);
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
