using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Hosting;
using Akka.Hosting.TestKit;
using Akka.TestKit;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Monitoring;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Crawler.Hub;
using DynaHug.LocalHub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Monitoring;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Tests.Monitoring;

/// <summary>The watch over a generated hub, with entities that only remember what they were told.</summary>
public sealed class HubMonitorSpecs : TestKit
{
    private const int Repos = 2500;

    private readonly ConcurrentQueue<string> requests = new();
    private readonly ConcurrentDictionary<string, int> observed = new();
    private volatile bool thirdPageFails;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Goes_on_where_it_was_stopped_and_then_asks_what_changed_since_the_walk_began()
    {
        thirdPageFails = true;
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        await using var hub = await StartHubAsync();
        await using var services = Services(hub);
        var repos = Sys.ActorOf(Props.Create(() => new Remembering(observed)));
        var first = Start(services, readModel, repos);
        await UntilAsync(first, status => status.Listed == 2000 && status.Problem.Length > 0);
        await StopAsync(first);
        requests.Clear();
        thirdPageFails = false;

        var second = Start(services, readModel, repos);
        await UntilAsync(second, status => status.WalkFinished);
        await AwaitConditionAsync(() => Task.FromResult(requests.Any(request => request.Contains("sort=lastModified", StringComparison.Ordinal))), TimeSpan.FromSeconds(20), cancellationToken: Cancel);

        requests.Where(request => request.Contains("sort=createdAt", StringComparison.Ordinal)).ShouldAllBe(request => request.Contains("cursor=", StringComparison.Ordinal));
        observed.Count.ShouldBe(Repos);
        (await StatusAsync(second)).Listed.ShouldBe(Repos);
    }

    [Fact]
    public async Task A_restart_after_a_whole_walk_lists_only_what_changed()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        await using var hub = await StartHubAsync();
        await using var services = Services(hub);
        var repos = Sys.ActorOf(Props.Create(() => new Remembering(observed)));
        var first = Start(services, readModel, repos);
        await UntilAsync(first, status => status.WalkFinished);
        await StopAsync(first);
        requests.Clear();

        var second = Start(services, readModel, repos);
        await AwaitConditionAsync(() => Task.FromResult(requests.Any(request => request.Contains("sort=lastModified", StringComparison.Ordinal))), TimeSpan.FromSeconds(20), cancellationToken: Cancel);

        requests.ShouldAllBe(request => request.Contains("sort=lastModified", StringComparison.Ordinal));
        (await StatusAsync(second)).WalkFinished.ShouldBeTrue();
    }

    [Fact]
    public async Task A_repo_that_somebody_names_is_looked_at_at_once()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        await using var hub = await StartHubAsync();
        await using var services = Services(hub);
        var probe = CreateTestProbe();
        var monitor = Start(services, readModel, Sys.ActorOf(Props.Create(() => new Remembering(observed, probe.Ref))));
        await UntilAsync(monitor, status => status.WalkFinished);

        monitor.Tell(new MonitorCommands.Refresh(RepoId.Parse("synthetic-7/model-00000007")), ActorRefs.NoSender);
        await probe.FishForMessageAsync<RepoCommands.Observe>(seen => seen.Repo.Value == "synthetic-7/model-00000007", TimeSpan.FromSeconds(20), cancellationToken: Cancel);
        monitor.Tell(new MonitorCommands.Refresh(RepoId.Parse("acme/none"), Availability.Deleted), ActorRefs.NoSender);
        (await probe.FishForMessageAsync<RepoCommands.RecordAvailability>(_ => true, TimeSpan.FromSeconds(20), cancellationToken: Cancel)).Availability.ShouldBe(Availability.Deleted);
    }

    [Fact]
    public async Task A_revision_that_somebody_asks_for_is_pinned_after_its_repo_was_looked_at_and_never_where_the_hub_has_no_such_repo()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        await using var hub = await StartHubAsync();
        await using var services = Services(hub);
        var probe = CreateTestProbe();
        var monitor = Start(services, readModel, Sys.ActorOf(Props.Create(() => new Remembering(observed, probe.Ref))));
        await UntilAsync(monitor, status => status.WalkFinished);
        var (made, none) = (RepoId.Parse("synthetic-7/model-00000007"), RepoId.Parse("acme/none"));

        monitor.Tell(new MonitorCommands.Refresh(none, Revision: new string('a', 40)), ActorRefs.NoSender);
        await probe.FishForMessageAsync<RepoCommands.RecordAvailability>(seen => seen.Repo == none, TimeSpan.FromSeconds(20), cancellationToken: Cancel);
        monitor.Tell(new MonitorCommands.Refresh(made, Revision: new string('b', 40)), ActorRefs.NoSender);

        (await probe.FishForMessageAsync<IForRepo>(seen => seen.Repo == made, TimeSpan.FromSeconds(20), cancellationToken: Cancel)).ShouldBeOfType<RepoCommands.Observe>();
        (await probe.FishForMessageAsync<RepoCommands.Pin>(_ => true, TimeSpan.FromSeconds(20), cancellationToken: Cancel)).ShouldBe(new RepoCommands.Pin(made, new string('b', 40), Lane.Request));
    }

    [Fact]
    public async Task The_next_walk_tells_only_what_is_new_and_looks_at_each_known_repo_that_it_is_not_shown()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        var folder = Directory.CreateTempSubdirectory("dynahug-walk-").FullName;
        foreach (var (day, name) in new[] { "kept", "changed", "deleted", "hidden", "old-name", "gated", "last" }.Index())
        {
            Put(folder, name, $$"""{"createdAt":"2026-01-0{{day + 1}}T00:00:00Z"}""");
        }

        var renames = new Dictionary<string, string>();
        await using var hub = await LocalHubServer.StartAsync(
            new LocalHubOptions { Folder = folder, PageSize = 2, RescanInterval = TimeSpan.Zero, Renames = renames }, NullLoggerFactory.Instance, TimeProvider.System, Cancel);
        await using var services = Services(hub);
        var probe = CreateTestProbe();
        var repos = Sys.ActorOf(Props.Create(() => new Remembering(observed, probe.Ref)));
        var first = Start(services, readModel, repos);
        await UntilAsync(first, status => status.WalkFinished);
        await StopAsync(first);
        await ProjectAsync(probe, readModel);

        Put(folder, "changed", """{"createdAt":"2026-01-02T00:00:00Z","likes":7}""");
        Directory.Delete(Path.Combine(folder, "acme", "deleted"), recursive: true);
        Put(folder, "hidden", """{"createdAt":"2026-01-04T00:00:00Z","private":true}""");
        Directory.Move(Path.Combine(folder, "acme", "old-name"), Path.Combine(folder, "acme", "new-name"));
        renames["acme/old-name"] = "acme/new-name";
        Put(folder, "gated", """{"createdAt":"2026-01-06T00:00:00Z","gated":"manual"}""");
        observed.Clear();
        var second = Start(services, readModel, repos, new Later(TimeSpan.FromDays(8)));

        var told = new List<IForRepo>();
        await probe.FishForMessageAsync<IForRepo>(
            command =>
            {
                told.Add(command);
                return told.OfType<RepoCommands.RecordAvailability>().Count() == 3;
            },
            TimeSpan.FromSeconds(30),
            cancellationToken: Cancel);
        await UntilAsync(second, status => status.Listed == 5);

        told.OfType<RepoCommands.RecordAvailability>().ToDictionary(said => said.Repo.Value, said => (said.Availability, said.Detail.Contains("new-name", StringComparison.Ordinal))).ShouldBe(
            new Dictionary<string, (Availability, bool)>
            {
                ["acme/deleted"] = (Availability.Gone, false),
                ["acme/hidden"] = (Availability.Gone, false),
                ["acme/old-name"] = (Availability.Renamed, true),
            },
            ignoreOrder: true);
        observed.Keys.Order().ShouldBe(["acme/changed", "acme/gated", "acme/new-name"]);
        (await StatusAsync(second)).WalkFinished.ShouldBeTrue("the hub has been listed before");
    }

    protected override void ConfigureAkka(AkkaConfigurationBuilder builder, IServiceProvider provider)
    {
    }

    private Task<LocalHubServer> StartHubAsync() => LocalHubServer.StartAsync(
        new LocalHubOptions { Folder = Directory.CreateTempSubdirectory("dynahug-synthetic-").FullName, Synthetic = Repos, Faults = Record, RescanInterval = TimeSpan.FromHours(1) }, NullLoggerFactory.Instance, TimeProvider.System, Cancel);

    private HubFault? Record(HubRequest request)
    {
        requests.Enqueue(request.Target);
        return thirdPageFails && request.Target.Contains("cursor=499", StringComparison.Ordinal) ? new HubFault.Answer(500) : null;
    }

    private static ServiceProvider Services(LocalHubServer hub) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton<BlobStore>(new BlobFolder(Directory.CreateTempSubdirectory("dynahug-monitor-").FullName))
        .AddHub(new HubOptions { Endpoint = hub.HubUrl, RetryDelay = TimeSpan.FromMilliseconds(1), Retries = 1 })
        .BuildServiceProvider();

    private static void Put(string folder, string name, string metadata)
    {
        var repo = Directory.CreateDirectory(Path.Combine(folder, "acme", name)).FullName;
        File.WriteAllText(Path.Combine(repo, "model.bin"), name);
        File.WriteAllText(Path.Combine(repo, ".hub.json"), metadata);
    }

    /// <summary>Does to the read model what the entities' events would.</summary>
    private static async Task ProjectAsync(TestProbe probe, TemporaryReadModel readModel)
    {
        var story = new Story();
        while (probe.HasMessages)
        {
            if (await probe.ReceiveOneAsync(cancellationToken: Cancel) is RepoCommands.Observe seen)
            {
                story.Tell(new RepoEvents.RevisionObserved(seen.Repo, seen.Commit, seen.Facts, Lane.Bulk, Story.Start));
            }
        }

        await story.ApplyToAsync(readModel.Writer, Cancel);
    }

    private IActorRef Start(ServiceProvider services, TemporaryReadModel readModel, IActorRef repos, TimeProvider? clock = null)
    {
        var (client, options) = (services.GetRequiredService<HubClient>(), services.GetRequiredService<HubOptions>());
        var (known, now) = (readModel.Queries, clock ?? TimeProvider.System);
        var node = new NodeOptions { DataFolder = "unused", PollSeconds = 3600 };
        return Sys.ActorOf(Props.Create(() => new HubMonitor(repos, client, options, known, node, now, NullLogger<HubMonitor>.Instance)));
    }

    private async Task StopAsync(IActorRef actor)
    {
        await WatchAsync(actor);
        Sys.Stop(actor);
        await ExpectTerminatedAsync(actor, cancellationToken: Cancel);
    }

    private static Task<MonitorReplies.Status> StatusAsync(IActorRef monitor) =>
        monitor.Ask<MonitorReplies.Status>(new MonitorCommands.GetStatus(), TimeSpan.FromSeconds(20), Cancel);

    private Task UntilAsync(IActorRef monitor, Func<MonitorReplies.Status, bool> reached) =>
        AwaitConditionAsync(async () => reached(await StatusAsync(monitor)), TimeSpan.FromSeconds(60), cancellationToken: Cancel);

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }

    /// <summary>Stands for all repo entities.</summary>
    private sealed class Remembering : ReceiveActor
    {
        public Remembering(ConcurrentDictionary<string, int> observed, IActorRef? probe = null) => Receive<IForRepo>(command =>
        {
            if (command is RepoCommands.Observe)
            {
                observed.AddOrUpdate(command.Repo.Value, 1, (_, times) => times + 1);
            }

            probe?.Tell(command);
            Sender.Tell(new RepoReplies.Recorded(command.Repo));
        });
    }
}
