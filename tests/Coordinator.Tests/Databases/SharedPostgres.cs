using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.Tests.Databases;
using DynaHug.Shared.Tests;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace DynaHug.Coordinator.Tests.Databases;

/// <summary>One PostgreSQL server for all tests that want one, started by the first; each has a database of its own.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> server = new(() => PostgresServer.StartAsync(CancellationToken.None));

    public Task<PostgresServer> ServerAsync() => server.Value;

    /// <summary>An empty database.</summary>
    public async Task<SqlStore> MakeAsync(CancellationToken cancel) => SqlStore.Postgres(await (await server.Value).MakeDatabaseAsync(cancel), password: null);

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated)
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
