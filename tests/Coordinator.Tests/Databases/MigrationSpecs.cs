using DynaHug.Coordinator.Cli;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tests;
using LinqToDB.Data;

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
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_eighth_step_takes_over_what_repos_showed_of_their_files(bool onPostgres)
    {
        Assert.SkipUnless(!onPostgres || PostgresServer.WhyNot.Length == 0, PostgresServer.WhyNot);
        var folder = Directory.CreateTempSubdirectory("dynahug-migration-");
        var store = onPostgres ? await postgres.MakeAsync(Cancel) : SqlStore.InFile(Path.Combine(folder.FullName, "readmodel.db"));
        var database = new ReadModelDatabase(store);
        await using (var db = database.Open())
        {
            var former = new VersionedSchema("read model", "schema_version", [SchemaStep1.Statements, SchemaStep2.Statements, SchemaStep3.Statements, SchemaStep4.Statements, SchemaStep5.Statements, SchemaStep6.Statements, SchemaStep7.Statements]);
            await former.MigrateAsync(db, store, Cancel);
            foreach (var statement in new[]
            {
                "INSERT INTO repos (id, author, task_cluster, likes, downloads, last_modified, gated, revision, left_out, observed_at, touched_at, label, score, provisional, reasons, judged_at, flagged_at, evidence) "
                    + "VALUES ('evil/bad', 'evil', 'text-generation', 5, 1, 1, 1 = 0, 'c1', 0, 1, 1, 3, 1, 1 = 0, '[]', 9, 9, 1 = 1)",
                "INSERT INTO files SELECT 'evil/bad', path, 'text-generation', 1, 'sha256-0', NULL, 'analysed', 3, 1, '', '', NULL FROM (SELECT 'a.bin' AS path UNION SELECT 'b.bin') AS paths",
                "INSERT INTO repo_indicators VALUES ('evil/bad', 'program-started')",
            })
            {
                await db.ExecuteAsync(statement, Cancel);
            }
        }

        (await new ReadModelSchema(database).MigrateAsync(Cancel)).ShouldBe(7);

        var queries = new ReadModelQueries(database);
        (await queries.FlaggedAsync(new RepoFilter { Indicator = "program-started" }, null, 9, Cancel)).Items.ShouldHaveSingleItem().Indicators.ShouldBe(["program-started"]);
        (await queries.ReposAsync(new RepoFilter { Outcome = "analysed" }, null, 9, Cancel)).Items.ShouldHaveSingleItem().Likes.ShouldBe(5);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
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
