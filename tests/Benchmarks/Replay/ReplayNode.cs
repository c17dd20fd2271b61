using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Work;
using Microsoft.Extensions.DependencyInjection;

namespace DynaHug.Benchmarks.Replay;

/// <summary>What a node of a replay does; a process of its own, told by its command line.</summary>
/// <param name="Folder">Its data folder.</param>
/// <param name="Database">Address of the database where it is a coordinator itself; empty where it joins <paramref name="Seed"/>.</param>
/// <param name="Seed">Address of a coordinator to join; empty where it is one.</param>
/// <param name="Load">File of the load to replay.</param>
/// <param name="Repos">How many repos it shows to the cluster, as a hub monitor does.</param>
/// <param name="MostOpen">How many of them may wait for their traces at a time.</param>
/// <param name="Fetching">Slots for plans and fetches.</param>
/// <param name="Tracing">Slots for traces.</param>
internal sealed record ReplayNode(string Folder, string Database, string Seed, string Load, int Repos, int MostOpen, int Fetching, int Tracing)
{
    /// <summary>How many repos are shown at a time: what the hub monitor does with a page.</summary>
    private const int ShownAtATime = 128;

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    public string[] Arguments => ["replay-node", Folder, Database, Seed, Load, $"{Repos}", $"{MostOpen}", $"{Fetching}", $"{Tracing}"];

    public static ReplayNode Of(string[] arguments)
    {
        var numbers = arguments[4..].Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        return new ReplayNode(arguments[0], arguments[1], arguments[2], arguments[3], numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    /// <summary>Runs until it is killed.</summary>
    public async Task RunAsync()
    {
        var options = new NodeOptions
        {
            DataFolder = Folder,
            Roles = [Database.Length > 0 ? NodeRole.Coordinator : "replay"],
            Seeds = Seed.Length > 0 ? [Seed] : [],
            Database = Database.Length > 0 ? SqlStore.Postgres(new Uri(Database), password: null) : null,
            Port = 0,
            PollSeconds = 86_400,
        };
        await using var node = await Node.StartAsync(options, new HubOptions { Endpoint = new Uri("http://127.0.0.1:9/") }, CancellationToken.None);
        Console.WriteLine($"node at {node.Dashboard}");
        using var open = new SemaphoreSlim(MostOpen);
        var (system, load, blobs) = (node.Services.GetRequiredService<ActorSystem>(), ReplayedLoad.Of(Load), new BlobFolder(Path.Combine(Folder, "blobs")));
        void Start(IActorRef queue, int slots)
        {
            for (var slot = 0; slot < slots; slot++)
            {
                var links = new WorkLinks(queue, node.Actor<Keys.RepoRegion>(), node.Actor<Keys.ArtifactRegion>());
                system.ActorOf(Props.Create(() => new ReplaySlot(links, load, blobs, () => open.Release())), $"replay-{queue.Path.Name}-{slot}");
            }
        }

        Start(node.Actor<Keys.FetchQueue>(), Fetching);
        Start(node.Actor<Keys.TraceQueue>(), Tracing);
        await Parallel.ForEachAsync(Enumerable.Range(0, Repos), new ParallelOptions { MaxDegreeOfParallelism = ShownAtATime }, async (number, cancel) =>
        {
            await open.WaitAsync(cancel);
            await ShowAsync(node.Actor<Keys.RepoRegion>(), ReplayedLoad.RepoOf(number), cancel);
        });
        await Task.Delay(Timeout.Infinite);
    }

    private static async Task ShowAsync(IActorRef repos, RepoId repo, CancellationToken cancel)
    {
        var facts = new RepoFacts("text-generation", "transformers", 5, 100, DateTimeOffset.UnixEpoch);
        while (true)
        {
            try
            {
                await repos.Ask(new RepoCommands.Observe(repo, ReplayedLoad.CommitOf(repo), facts, Lane.Bulk), AskTimeout, cancel);
                return;
            }
            catch (AskTimeoutException)
            {
                // The coordinator that has it is gone; its shard comes back on another.
            }
        }
    }
}
