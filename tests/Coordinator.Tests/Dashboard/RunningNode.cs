using System.Diagnostics;
using DynaHug.Coordinator.Access;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Crawler.Hub;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>A whole coordinator with its journal, entities and projection, over a hub that is not there and a read model that a story has filled.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly NodeOptions options;
    private readonly string folder;
    private Node node;

    private RunningNode(Node node, NodeOptions options, string folder)
    {
        (this.node, this.options, this.folder) = (node, options, folder);
        Client = new HttpClient { BaseAddress = node.Dashboard };
    }

    public Uri Address => node.Dashboard;

    public HttpClient Client { get; private set; }

    public ReadModelQueries ReadModel => node.ReadModel;

    public IServiceProvider Services => node.Services;

    public string Folder => folder;

    /// <param name="access">Nobody has to sign in where null.</param>
    public static async Task<RunningNode> StartAsync(Story story, CancellationToken cancel, AccessOptions? access = null)
    {
        var folder = Directory.CreateTempSubdirectory("dynahug-node-").FullName;
        var options = new NodeOptions { DataFolder = folder, Roles = [NodeRole.Coordinator], Port = 0, PollSeconds = 86_400, Access = access ?? new AccessOptions() };
        var running = new RunningNode(await StartAsync(options, cancel), options, folder);
        await running.TellAsync(story, cancel);
        return running;
    }

    /// <summary>Waits for what follows by itself: entities tell the journal, and the projection reads it.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what, CancellationToken cancel)
    {
        for (var clock = Stopwatch.StartNew(); !await holds(); await Task.Delay(50, cancel))
        {
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), what);
        }
    }

    /// <summary>Waits until the audit holds something that a person did.</summary>
    /// <param name="entry">Action and subject.</param>
    public Task UntilAuditedAsync(string entry, CancellationToken cancel) =>
        UntilAsync(async () => (await ReadModel.AuditAsync(null, null, null, 100, cancel)).Items.Any(known => $"{known.Action} {known.Subject}" == entry), $"no audit of {entry}", cancel);

    /// <summary>Another process on the same folder.</summary>
    public async Task RestartAsync(CancellationToken cancel)
    {
        Client.Dispose();
        await node.DisposeAsync();
        node = await StartAsync(options, cancel);
        Client = new HttpClient { BaseAddress = node.Dashboard };
    }

    /// <summary>A story has offsets of its own, so that the projection of the journal begins at its start.</summary>
    public Task TellAsync(Story story, CancellationToken cancel) => node.Services.GetRequiredService<ReadModelWriter>().ApplyAsync("story", story.Events, cancel);

    private static Task<Node> StartAsync(NodeOptions options, CancellationToken cancel) => Node.StartAsync(options, new HubOptions { Endpoint = new Uri("http://127.0.0.1:9/") }, cancel);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await node.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
