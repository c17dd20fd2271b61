using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Hosting;
using Akka.Hosting.TestKit;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Monitoring;
using DynaHug.Crawler.Hub;
using DynaHug.LocalHub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Monitoring;
using DynaHug.Shared.Repos;
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
        await using var hub = await StartHubAsync();
        await using var services = Services(hub);
        var repos = Sys.ActorOf(Props.Create(() => new Remembering(observed)));
        var first = Start(services, repos);
        await UntilAsync(first, status => status.Listed == 2000 && status.Problem.Length > 0);
        await StopAsync(first);
        requests.Clear();
        thirdPageFails = false;

        var second = Start(services, repos);
        await UntilAsync(second, status => status.WalkFinished);
        await AwaitConditionAsync(() => Task.FromResult(requests.Any(request => request.Contains("sort=lastModified", StringComparison.Ordinal))), TimeSpan.FromSeconds(20), cancellationToken: Cancel);

        requests.Where(request => request.Contains("sort=createdAt", StringComparison.Ordinal)).ShouldAllBe(request => request.Contains("cursor=", StringComparison.Ordinal));
        observed.Count.ShouldBe(Repos);
        (await StatusAsync(second)).Listed.ShouldBe(Repos);
    }

    [Fact]
    public async Task A_restart_after_a_whole_walk_lists_only_what_changed()
    {
        await using var hub = await StartHubAsync();
        await using var services = Services(hub);
        var repos = Sys.ActorOf(Props.Create(() => new Remembering(observed)));
        var first = Start(services, repos);
        await UntilAsync(first, status => status.WalkFinished);
        await StopAsync(first);
        requests.Clear();

        var second = Start(services, repos);
        await AwaitConditionAsync(() => Task.FromResult(requests.Any(request => request.Contains("sort=lastModified", StringComparison.Ordinal))), TimeSpan.FromSeconds(20), cancellationToken: Cancel);

        requests.ShouldAllBe(request => request.Contains("sort=lastModified", StringComparison.Ordinal));
        (await StatusAsync(second)).WalkFinished.ShouldBeTrue();
    }

    [Fact]
    public async Task A_repo_that_somebody_names_is_looked_at_at_once()
    {
        await using var hub = await StartHubAsync();
        await using var services = Services(hub);
        var probe = CreateTestProbe();
        var monitor = Start(services, Sys.ActorOf(Props.Create(() => new Remembering(observed, probe.Ref))));
        await UntilAsync(monitor, status => status.WalkFinished);

        monitor.Tell(new MonitorCommands.Refresh(RepoId.Parse("synthetic-7/model-00000007")), ActorRefs.NoSender);
        await probe.FishForMessageAsync<RepoCommands.Observe>(seen => seen.Repo.Value == "synthetic-7/model-00000007", TimeSpan.FromSeconds(20), cancellationToken: Cancel);
        monitor.Tell(new MonitorCommands.Refresh(RepoId.Parse("acme/none"), Availability.Deleted), ActorRefs.NoSender);
        (await probe.FishForMessageAsync<RepoCommands.RecordAvailability>(_ => true, TimeSpan.FromSeconds(20), cancellationToken: Cancel)).Availability.ShouldBe(Availability.Deleted);
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
        .AddSingleton(new BlobStore(Directory.CreateTempSubdirectory("dynahug-monitor-").FullName))
        .AddHub(new HubOptions { Endpoint = hub.HubUrl, RetryDelay = TimeSpan.FromMilliseconds(1), Retries = 1 })
        .BuildServiceProvider();

    private IActorRef Start(ServiceProvider services, IActorRef repos)
    {
        var (client, options) = (services.GetRequiredService<HubClient>(), services.GetRequiredService<HubOptions>());
        var node = new NodeOptions { DataFolder = "unused", PollSeconds = 3600 };
        return Sys.ActorOf(Props.Create(() => new HubMonitor(repos, client, options, node, TimeProvider.System, NullLogger<HubMonitor>.Instance)));
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
