using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.DependencyInjection;
using Akka.Hosting;
using DynaHug.Coordinator.Artifacts;
using DynaHug.Coordinator.Desk;
using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.Jobs;
using DynaHug.Coordinator.Monitoring;
using DynaHug.Coordinator.Notifications;
using DynaHug.Coordinator.Profiles;
using DynaHug.Coordinator.Projection;
using DynaHug.Coordinator.Repos;
using DynaHug.Coordinator.Reviews;
using DynaHug.Coordinator.Training;
using DynaHug.Coordinator.Work;
using DynaHug.Crawler;
using DynaHug.Shared.Work;
using DynaHug.Worker;
using DynaHug.Worker.Canaries;

namespace DynaHug.Coordinator.Hosting;

/// <summary>Puts the actors of a node together: what a node hosts follows from its roles alone.</summary>
public static class AkkaSetup
{
    public const string SystemName = "dynahug";

    public static AkkaConfigurationBuilder AddDynaHug(this AkkaConfigurationBuilder akka, NodeOptions options)
    {
        akka.AddCluster(options);
        if (options.Has(NodeRole.Coordinator))
        {
            akka.AddJournal(options.Journal).AddHocon(NothingOnDisk, HoconAddMode.Prepend).AddEntities().AddQueues().AddCoordination();
        }
        else
        {
            akka.AddWire().AddProxies();
        }

        return akka.AddSlots(options);
    }

    /// <summary>Where shards are is asked of the other coordinators; it need not outlive all of them.</summary>
    private const string NothingOnDisk = "akka.cluster.sharding.distributed-data.durable.keys = []";

    private static ShardOptions Sharded() => new()
    {
        Role = NodeRole.Coordinator,
        StateStoreMode = StateStoreMode.DData,
        RememberEntities = false,
    };

    private static AkkaConfigurationBuilder AddEntities(this AkkaConfigurationBuilder akka) => akka
        .WithShardRegion<Keys.RepoRegion>(
            "repo",
            (_, registry, services) => id => services.Props<RepoEntity>(id, registry.Get<Keys.FetchQueue>(), registry.Get<Keys.ArtifactRegion>()),
            Extractors.Repos,
            Sharded())
        .WithShardRegion<Keys.ArtifactRegion>(
            "artifact",
            (_, registry, services) => id => services.Props<ArtifactEntity>(
                id, new ArtifactLinks(registry.Get<Keys.FetchQueue>(), registry.Get<Keys.TraceQueue>(), registry.Get<Keys.RepoRegion>(), registry.Get<Keys.ArtifactRegion>())),
            Extractors.Artifacts,
            Sharded())
        .WithShardRegion<Keys.ProfileRegion>("profile", (_, _, services) => id => services.Props<ProfileEntity>(id), Extractors.Profiles, Sharded())
        .WithShardRegion<Keys.ReviewRegion>("review", (_, _, services) => id => services.Props<ReviewEntity>(id), Extractors.Reviews, Sharded())
        .WithShardRegion<Keys.DeskRegion>("desk", (_, _, services) => _ => services.Props<DeskEntity>(), Extractors.Desk, Sharded());

    private static AkkaConfigurationBuilder AddQueues(this AkkaConfigurationBuilder akka) => akka
        .WithSingleton<Keys.HubBudget>("hub-budget", (_, _, services) => services.Props<HubBudget>(), OnCoordinators)
        .WithSingleton<Keys.FetchQueue>("fetch-queue", QueueProps, OnCoordinators)
        .WithSingleton<Keys.TraceQueue>("trace-queue", QueueProps, OnCoordinators);

    private static AkkaConfigurationBuilder AddCoordination(this AkkaConfigurationBuilder akka) => akka
        .WithSingleton<Keys.Projection>("projection", (_, _, services) => services.Props<Projector>(), OnCoordinators)
        .WithSingleton<Keys.Measurer>("measurer", (_, _, services) => services.Props<Measurer>(), OnCoordinators)
        .WithActors((system, _, services) => system.ActorOf(services.Props<ProfileFollower>(), "profile-follower"))
        .WithSingleton<Keys.HubMonitor>("hub-monitor", (_, registry, services) => services.Props<HubMonitor>(registry.Get<Keys.RepoRegion>()), OnCoordinators)
        .WithSingleton<Keys.Resumer>(
            "resumer", (_, registry, services) => services.Props<Resumer>(
                registry.Get<Keys.RepoRegion>(), registry.Get<Keys.ArtifactRegion>(), registry.Get<Keys.FetchQueue>()), OnCoordinators)
        .WithSingleton<Keys.Notifier>("notifier", (_, registry, services) => services.Props<Notifier>(registry.Get<Keys.DeskRegion>()), OnCoordinators)
        .WithSingleton<Keys.RescanJobs>("rescan-jobs", (_, registry, services) => services.Props<RescanJobs>(registry.Get<Keys.RepoRegion>()), OnCoordinators)
        .WithSingleton<Keys.Trainer>(
            "trainer", (_, registry, services) => services.Props<Trainer>(
                registry.Get<Keys.ProfileRegion>(), registry.Get<Keys.RepoRegion>(), registry.Get<Keys.ArtifactRegion>(), registry.Get<Keys.HubMonitor>()), OnCoordinators);

    private static AkkaConfigurationBuilder AddProxies(this AkkaConfigurationBuilder akka) => akka
        .WithShardRegionProxy<Keys.RepoRegion>("repo", NodeRole.Coordinator, Extractors.Repos)
        .WithShardRegionProxy<Keys.ArtifactRegion>("artifact", NodeRole.Coordinator, Extractors.Artifacts)
        .WithSingletonProxy<Keys.HubBudget>("hub-budget", OnCoordinators)
        .WithSingletonProxy<Keys.FetchQueue>("fetch-queue", OnCoordinators)
        .WithSingletonProxy<Keys.TraceQueue>("trace-queue", OnCoordinators);

    private static AkkaConfigurationBuilder AddSlots(this AkkaConfigurationBuilder akka, NodeOptions options) => akka
        .WithActors((system, registry, services) =>
        {
            var slots = new List<IActorRef>();
            for (var slot = 0; options.Has(NodeRole.Crawler) && slot < options.CrawlerSlots; slot++)
            {
                slots.Add(system.ActorOf(services.Props<CrawlerActor>(Links<Keys.FetchQueue>(registry)), $"crawler-{slot}"));
            }

            for (var slot = 0; options.Has(NodeRole.Worker) && slot < options.WorkerSlots; slot++)
            {
                slots.Add(system.ActorOf(services.Props<WorkerActor>(Links<Keys.TraceQueue>(registry)), $"worker-{slot}"));
            }

            if (options.Has(NodeRole.Worker))
            {
                slots.Add(system.ActorOf(services.Props<CanaryActor>(registry.Get<Keys.TraceQueue>(), TimeSpan.FromMinutes(options.CanaryMinutes)), "canary"));
            }

            ClusterSetup.DrainBeforeLeaving(system, slots);
        });

    private static readonly ClusterSingletonOptions OnCoordinators = new() { Role = NodeRole.Coordinator };

    private static Props QueueProps(ActorSystem system, IActorRegistry registry, IDependencyResolver services) =>
        services.Props<WorkQueue>(WorkQueueBounds.Default, registry.Get<Keys.RepoRegion>(), registry.Get<Keys.ArtifactRegion>());

    private static WorkLinks Links<TQueue>(IActorRegistry registry) =>
        new(registry.Get<TQueue>(), registry.Get<Keys.RepoRegion>(), registry.Get<Keys.ArtifactRegion>());
}
