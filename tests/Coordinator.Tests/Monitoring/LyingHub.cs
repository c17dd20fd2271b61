using System.Collections.Concurrent;
using System.Text;
using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Crawler.Hub;
using DynaHug.LocalHub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Monitoring;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Tests.Monitoring;

/// <summary>
/// A real node that lists and fetches from a hub which does everything wrong that one can, each thing to a repo of its own. No file of it has to be loaded: what arrives as
/// it should is benign, and everything else must not be.
/// </summary>
public sealed class LyingHub : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("dynahug-lies-");
    private LocalHubServer? hub;
    private Node? node;
    private int pushes;

    public ConcurrentQueue<HubRequest> Requests { get; } = new();

    /// <summary>What the read model says of each repo in the end.</summary>
    public IReadOnlyDictionary<string, RepoDetails> Repos { get; private set; } = new Dictionary<string, RepoDetails>();

    /// <summary>The node's overview page in the end.</summary>
    public string Overview { get; private set; } = "";

    private string HubFolder => Path.Combine(root.FullName, "hub");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "honest", "slow", "cut", "stalls", "busy", "breaks", "private", "disabled", "gated", "size", "hash", "bytes", "changes", "found" })
        {
            Put(name, name);
        }

        var scenario = HubScenario.Parse($$"""
            [
              {"on": "*/lies/slow/*", "do": "wait", "milliseconds": 200},
              {"on": "/blob/{{HashOf("cut")}}*", "do": "cut", "bytes": 30, "times": 2},
              {"on": "/blob/{{HashOf("stalls")}}*", "do": "stall", "bytes": 30, "times": 1},
              {"on": "/lies/busy/resolve/*", "do": "answer", "status": 429, "headers": {"Retry-After": "0"}, "times": 3},
              {"on": "/api/models/lies/breaks/*", "do": "answer", "status": 503, "times": 2},
              {"on": "/api/models/lies/disabled/*", "do": "answer", "status": 403},
              {"on": "/lies/gated/resolve/*", "do": "gate"},
              {"on": "*/lies/size/tree/*", "do": "replace", "old": "\"size\":{{BytesOf("size").Length}}", "new": "\"size\":17"},
              {"on": "*/lies/hash/tree/*", "do": "replace", "old": "{{HashOf("hash")}}", "new": "{{HashOf("another")}}"},
              {"on": "/blob/{{HashOf("bytes")}}*", "do": "wrong-bytes"}
            ]
            """);
        hub = await LocalHubServer.StartAsync(
            new LocalHubOptions
            {
                Folder = HubFolder,
                RescanInterval = TimeSpan.Zero,
                Renames = new Dictionary<string, string> { ["lies/moved"] = "lies/found" },
                Faults = request => Record(request, scenario),
            },
            NullLoggerFactory.Instance,
            TimeProvider.System,
            Cancel);
        var options = new NodeOptions { DataFolder = Path.Combine(root.FullName, "data"), Roles = [NodeRole.Coordinator, NodeRole.Crawler], Port = 0, PollSeconds = 1 };
        node = await Node.StartAsync(options, new HubOptions { Endpoint = hub.HubUrl, RetryDelay = TimeSpan.FromMilliseconds(5), IdleTimeout = TimeSpan.FromSeconds(1) }, Cancel);
        node.Actor<Keys.HubMonitor>().Tell(new MonitorCommands.Refresh(RepoId.Parse("lies/moved")), ActorRefs.NoSender);
        await SettleAsync(node);
        using var client = new HttpClient { BaseAddress = node.Dashboard };
        Overview = await client.GetStringAsync("/overview", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (node is not null)
        {
            await node.DisposeAsync();
        }

        if (hub is not null)
        {
            await hub.DisposeAsync();
        }

        SqliteConnection.ClearAllPools();
        root.Delete(recursive: true);
    }

    /// <summary>A safetensors file of one number, different for each name: nothing in it to execute.</summary>
    public static byte[] BytesOf(string name)
    {
        var header = Encoding.ASCII.GetBytes($$$"""{"{{{name}}}":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""");
        return [.. BitConverter.GetBytes((long)header.Length), .. header, 0, 0, 0, 0];
    }

    public static string HashOf(string name) => Sha256.OfBytes(BytesOf(name)).Hex;

    private void Put(string repo, string content)
    {
        var folder = Directory.CreateDirectory(Path.Combine(HubFolder, "lies", repo)).FullName;
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), BytesOf(content));
    }

    /// <summary>One repo becomes private after it was listed, and the file of another changes after its list was read and before it is fetched.</summary>
    private HubFault? Record(HubRequest request, HubScenario scenario)
    {
        Requests.Enqueue(request);
        if (request.Target.StartsWith("/api/models/lies/private/", StringComparison.Ordinal))
        {
            File.WriteAllText(Path.Combine(HubFolder, "lies", "private", ".hub.json"), """{"private":true}""");
        }

        if (request.Target.StartsWith("/lies/changes/resolve/", StringComparison.Ordinal) && Interlocked.Increment(ref pushes) == 1)
        {
            var fresh = Path.Combine(root.FullName, "model.safetensors");
            File.WriteAllBytes(fresh, BytesOf("changed"));
            DynaHug.LocalHub.HubFolder.Push(HubFolder, RepoId.Parse("lies/changes"), [fresh], null, TimeProvider.System);
        }

        return scenario.FaultOf(request);
    }

    private async Task SettleAsync(Node running)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!IsSettled())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token);
            var found = new Dictionary<string, RepoDetails>();
            foreach (var name in Directory.EnumerateDirectories(Path.Combine(HubFolder, "lies")).Select(folder => $"lies/{Path.GetFileName(folder)}").Append("lies/moved"))
            {
                if (await running.ReadModel.RepoAsync(RepoId.Parse(name), limit.Token) is { } details)
                {
                    found[name] = details;
                }
            }

            Repos = found;
        }
    }

    private bool IsSettled() =>
        Repos.Count == 15
        && Repos.All(repo => repo.Value.Summary.Label is not null || repo.Key == "lies/moved")
        && Repos["lies/changes"].Files.Any(file => file.Artifact?.Hex == HashOf("changed"));
}
