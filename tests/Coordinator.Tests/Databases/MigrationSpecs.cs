using DynaHug.Coordinator.Cli;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Tests;

namespace DynaHug.Coordinator.Tests.Databases;

public sealed class MigrationSpecs(SharedPostgres postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_makes_the_tables_and_the_second_time_changes_nothing()
    {
        Assert.SkipUnless(PostgresServer.WhyNot.Length == 0, PostgresServer.WhyNot);
        var address = await (await postgres.ServerAsync()).MakeDatabaseAsync(Cancel);

        (await CommandLine.RunAsync(["migrate", "--db", address.ToString()])).ShouldBe(ExitCode.Clean);

        var store = SqlStore.Postgres(address, password: null);
        JournalSchema.RequireCurrent(store);
        new ReadModelSchema(new ReadModelDatabase(store)).RequireCurrent();
        (await JournalSchema.MigrateAsync(store, Cancel)).ShouldBe(JournalSchema.Version);
        (await new ReadModelSchema(new ReadModelDatabase(store)).MigrateAsync(Cancel)).ShouldBe(ReadModelSchema.Version);
    }

    [Fact]
    public async Task A_node_refuses_a_database_that_nobody_migrated_and_makes_no_table_in_it()
    {
        Assert.SkipUnless(PostgresServer.WhyNot.Length == 0, PostgresServer.WhyNot);
        var server = await postgres.ServerAsync();
        var address = await server.MakeDatabaseAsync(Cancel);
        var folder = Directory.CreateTempSubdirectory("dynahug-migration-");
        var options = new NodeOptions { DataFolder = folder.FullName, Roles = [NodeRole.Coordinator], Port = 0, Database = SqlStore.Postgres(address, password: null) };

        var refused = await Should.ThrowAsync<UsageException>(() => Node.StartAsync(options, new HubOptions { Endpoint = new Uri("http://127.0.0.1:9") }, Cancel));

        refused.Message.ShouldContain("dynahug migrate");
        (await server.QueryAsync(address.AbsolutePath.Trim('/'), "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'", Cancel)).ShouldBe("0");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Two_who_migrate_at_once_do_not_disturb_each_other()
    {
        Assert.SkipUnless(PostgresServer.WhyNot.Length == 0, PostgresServer.WhyNot);
        var store = await postgres.MakeAsync(Cancel);

        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => JournalSchema.MigrateAsync(store, Cancel)));

        found.Order().ShouldBe([0, JournalSchema.Version, JournalSchema.Version, JournalSchema.Version]);
    }

    [Theory]
    [InlineData("http://db/name")]
    [InlineData("postgres://db/name")]
    [InlineData("postgres://user@db")]
    [InlineData("postgres://user@db/name?sslmode=perhaps")]
    [InlineData("postgres://user@db/name?password=x")]
    public void An_address_that_is_none_is_refused(string address) => Should.Throw<UsageException>(() => SqlStore.Postgres(new Uri(address), password: null));

    [Fact]
    public async Task A_password_is_shown_nowhere()
    {
        var store = SqlStore.Postgres(new Uri("postgres://user:in-the-address@127.0.0.1:9/name?sslmode=disable"), "from-a-file");

        var refused = await Should.ThrowAsync<System.Data.Common.DbException>(() => JournalSchema.MigrateAsync(store, Cancel));

        store.ToString().ShouldBe("postgres://127.0.0.1:9/name");
        refused.ToString().ShouldNotContain("from-a-file");
        refused.ToString().ShouldNotContain("in-the-address");
    }
}
