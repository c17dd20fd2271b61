using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using DynaHug.Coordinator.Hosting;
using DynaHug.Crawler.Hub;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace DynaHug.Coordinator.Tests.Hosting;

/// <summary>Whole nodes in this process, each with a folder of its own; no hub answers them.</summary>
internal sealed class RunningNodes : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-nodes-");
    private readonly List<Node> nodes = [];

    public string Folder => folder.FullName;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task<Node> StartAsync(IReadOnlyList<string> roles, int port, NodeTls? tls = null, int? seed = null, int? probePort = null)
    {
        var node = await Node.StartAsync(
            new NodeOptions
            {
                DataFolder = folder.CreateSubdirectory($"node-{nodes.Count}").FullName,
                SharedBlobs = Path.Combine(Folder, "blobs"),
                Roles = roles,
                Port = 0,
                ClusterPort = port,
                Seeds = seed is { } other ? [$"127.0.0.1:{other}"] : [],
                Tls = tls,
                ProbePort = probePort,
                CrawlerSlots = 1,
                WorkerSlots = 1,
                CanaryMinutes = 0,
            },
            new HubOptions { Endpoint = new Uri("http://127.0.0.1:9") },
            TestContext.Current.CancellationToken);
        nodes.Add(node);
        return node;
    }

    /// <summary>Ports of the members of the cluster that are up, as a node sees them.</summary>
    public static IReadOnlyList<int> Members(Node node) =>
        [.. Cluster.Get(node.Services.GetRequiredService<ActorSystem>()).State.Members.Where(member => member.Status == MemberStatus.Up).Select(member => member.Address.Port!.Value).Order()];

    public static async Task UntilAsync(Func<bool> holds, TimeSpan limit)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timer.CancelAfter(limit);
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), timer.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(nodes))
        {
            await node.DisposeAsync();
        }

        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }
}
