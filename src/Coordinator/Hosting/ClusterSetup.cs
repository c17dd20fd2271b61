using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using DynaHug.Shared.Work;

namespace DynaHug.Coordinator.Hosting;

/// <summary>How a node finds the others, how it knows that one is gone for good, and in which order it leaves.</summary>
internal static class ClusterSetup
{
    /// <summary>
    /// Coordinators decide who is cut off: those who see the majority of coordinators stay, everybody else stops, and an orchestrator starts it again. The wait
    /// before the decision is what Akka recommends for about ten nodes; a larger cluster wants more.
    /// </summary>
    private const string Downing = $$"""
        akka.cluster {
          downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
          split-brain-resolver {
            active-strategy = keep-majority
            stable-after = 10s
            keep-majority.role = "{{NodeRole.Coordinator}}"
          }
          failure-detector.acceptable-heartbeat-pause = 5s
          shutdown-after-unsuccessful-join-seed-nodes = 300s
        }
        akka.remote.dot-netty.tcp.maximum-frame-size = 16MiB
        akka.coordinated-shutdown.phases {
          before-service-unbind.timeout = 30s
          service-stop.timeout = 30s
        }
        """;

    /// <summary>How long a node that leaves waits for its slots: sandboxes are killed, leases given back.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(25);

    public static AkkaConfigurationBuilder AddCluster(this AkkaConfigurationBuilder akka, NodeOptions options)
    {
        var protocol = options.Tls is null ? "akka.tcp" : "akka.ssl.tcp";
        akka
            .AddHocon(Downing, HoconAddMode.Prepend)
            .WithRemoting(new RemoteOptions
            {
                HostName = options.BindAddress,
                PublicHostName = options.Host ?? options.BindAddress,
                Port = options.ClusterPort,
            })
            .WithClustering(new ClusterOptions
            {
                Roles = [.. options.Roles],
                SeedNodes = [.. options.Seeds.Select(seed => $"{protocol}://{AkkaSetup.SystemName}@{seed}")],
            });
        if (options.Tls is { } tls)
        {
            akka.AddHocon("akka.remote.dot-netty.tcp.enable-ssl = true", HoconAddMode.Prepend).AddSetup(ClusterTls.Setup(tls));
        }

        return options.Seeds.Count > 0 ? akka : akka.AddStartup((system, _) =>
        {
            var cluster = Akka.Cluster.Cluster.Get(system);
            cluster.Join(cluster.SelfAddress);
        });
    }

    /// <summary>
    /// First of all when a node leaves, while it still belongs to the cluster and every message arrives: slots take no more work, end what runs in their
    /// sandboxes, and give their leases back.
    /// </summary>
    public static void DrainBeforeLeaving(ActorSystem system, IReadOnlyList<IActorRef> slots) => CoordinatedShutdown.Get(system).AddTask(
        CoordinatedShutdown.PhaseBeforeServiceUnbind,
        "drain-slots",
        async () =>
        {
            await Task.WhenAll(slots.Select(slot => slot.GracefulStop(DrainTime, new JobSlot.Drain())));
            return Akka.Done.Instance;
        });
}
