using Akka.Actor;
using Akka.Hosting;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.Repos;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Tests;
using DynaHug.Shared.Work;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Tests.Databases;

/// <summary>Entities on a real journal, SQLite and PostgreSQL.</summary>
public sealed class SnapshotSpecs(SharedPostgres postgres)
{
    private const int Changes = 250;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_entity_with_many_events_comes_back_by_its_last_snapshot(bool onPostgres)
    {
        Assert.SkipUnless(!onPostgres || PostgresServer.WhyNot.Length == 0, PostgresServer.WhyNot);
        var folder = Directory.CreateTempSubdirectory("dynahug-snapshots-");
        var store = onPostgres ? await postgres.MakeAsync(Cancel) : SqlStore.InFile(Path.Combine(folder.FullName, "journal.db"));
        if (onPostgres)
        {
            await JournalSchema.MigrateAsync(store, Cancel);
        }

        using (var host = await StartAsync(store))
        {
            var repo = EntityOf(host, ActorRefs.Nobody);
            for (var likes = 1; likes <= Changes; likes++)
            {
                await repo.Ask<RepoReplies.Recorded>(new RepoCommands.Observe(Samples.Repo, Samples.Commit, Samples.Facts with { Likes = likes }, Lane.Bulk), TimeSpan.FromSeconds(30), Cancel);
            }

            await host.StopAsync(Cancel);
        }

        await using (var db = new DataConnection(store.Options()))
        {
            (await db.ExecuteAsync<long>("SELECT COUNT(*) FROM snapshot", Cancel)).ShouldBe(1, "older snapshots go");
            (await db.ExecuteAsync<long>("SELECT COUNT(*) FROM journal", Cancel)).ShouldBe(Changes, "events stay");
            await db.ExecuteAsync("DELETE FROM journal WHERE sequence_number <= 200", Cancel);
        }

        using (var host = await StartAsync(store))
        {
            var queue = new TaskCompletionSource<object>();
            var repo = EntityOf(host, host.Services.GetRequiredService<ActorSystem>().ActorOf(Props.Create(() => new Hearer(queue))));
            repo.Tell(new RepoCommands.Resume(Samples.Repo));
            (await queue.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(new WorkCommands.Offer(new PlanJob(Samples.Repo, Samples.Commit), Lane.Bulk));
            await host.StopAsync(Cancel);
        }

        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    private static async Task<IHost> StartAsync(SqlStore store)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka("snapshots", akka => akka.AddJournal(store).ConfigureLoggers(loggers => loggers.ClearLoggers()));
        var host = builder.Build();
        await host.StartAsync(Cancel);
        return host;
    }

    private static IActorRef EntityOf(IHost host, IActorRef queue) => host.Services.GetRequiredService<ActorSystem>().ActorOf(Props.Create(() => new RepoEntity(
        Samples.Repo.Value, queue, ActorRefs.Nobody, new Judge(new ActiveProfiles()), TimeProvider.System, NullLogger<RepoEntity>.Instance)));

    private sealed class Hearer : ReceiveActor
    {
        public Hearer(TaskCompletionSource<object> heard) => ReceiveAny(message => heard.TrySetResult(message));
    }
}
