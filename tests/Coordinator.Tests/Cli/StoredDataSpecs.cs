using System.CommandLine;
using DynaHug.Coordinator.Cli;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.Tests.Databases;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tests;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Tests.Cli;

/// <summary>Commands that only read, on the database of a cluster.</summary>
public sealed class StoredDataSpecs(SharedPostgres postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_is_read_by_its_database_and_its_blob_store()
    {
        Assert.SkipUnless(PostgresServer.WhyNot.Length == 0, PostgresServer.WhyNot);
        var address = await (await postgres.ServerAsync()).MakeDatabaseAsync(Cancel);
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel, SqlStore.Postgres(address, password: null));
        await new Story().Repo("evil/bad", Story.Loaded("bad", [new Indicator("program-started", "/usr/bin/id")]), Label.Malicious).ApplyToAsync(readModel.Writer, Cancel);

        var options = Read("--db", address.ToString(), "--blobs", readModel.Folder);

        var capsule = await new CapsuleMaker(StoredData.Open(options), new BlobFolder(options.BlobFolder)).MakeAsync("evil/bad", Cancel);
        (capsule.Verdict.Label, options.BlobFolder).ShouldBe((Label.Malicious, readModel.Folder));
        var output = new StringWriter();
        (await new ProfileRunner(options, output).ListAsync(json: false, Cancel)).ShouldBe(0);
        output.ToString().ShouldContain("no profile yet");
    }

    [Fact]
    public async Task A_database_that_was_never_migrated_and_a_folder_that_no_node_has_used_say_what_to_do()
    {
        var folder = Directory.CreateTempSubdirectory("dynahug-none-");
        Should.Throw<UsageException>(() => StoredData.Open(Read("--data", folder.FullName))).Message.ShouldContain("no node has worked");
        folder.Delete();
        Assert.SkipUnless(PostgresServer.WhyNot.Length == 0, PostgresServer.WhyNot);
        var address = await (await postgres.ServerAsync()).MakeDatabaseAsync(Cancel);

        Should.Throw<UsageException>(() => StoredData.Open(Read("--db", address.ToString()))).Message.ShouldContain("dynahug migrate");
    }

    private static NodeOptions Read(params string[] arguments)
    {
        var data = new StoredData();
        var command = new Command("read");
        data.AddTo(command);
        return data.Read(command.Parse(arguments));
    }
}
