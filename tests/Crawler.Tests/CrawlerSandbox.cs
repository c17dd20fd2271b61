using System.Collections.Concurrent;
using System.Text;
using DynaHug.Crawler.Fetching;
using DynaHug.Crawler.Hub;
using DynaHug.LocalHub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Crawler.Tests;

/// <summary>A real hub on loopback over a temporary folder, and the real client with its handlers before it. Records every request that arrives.</summary>
public sealed class CrawlerSandbox : IAsyncDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("dynahug-crawler-");
    private LocalHubServer? server;
    private ServiceProvider? services;

    public CrawlerSandbox()
    {
        Directory.CreateDirectory(HubFolder);
        Blobs = new BlobFolder(Path.Combine(root.FullName, "blobs"));
    }

    public string HubFolder => Path.Combine(root.FullName, "hub");

    public BlobFolder Blobs { get; }

    public ConcurrentQueue<HubRequest> Requests { get; } = new();

    /// <summary>What goes wrong; asked anew for each request.</summary>
    public Func<HubRequest, HubFault?> Faults { get; set; } = _ => null;

    /// <summary>The client's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public LocalHubServer Server => server!;

    public HubClient Hub => services!.GetRequiredService<HubClient>();

    public Fetcher Fetcher => services!.GetRequiredService<Fetcher>();

    public IEnumerable<HubRequest> Downloads => Requests.Where(request => request.ToFileHost || request.Target.Contains("/resolve", StringComparison.Ordinal));

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task StartAsync(Func<HubOptions, HubOptions>? client = null, Func<LocalHubOptions, LocalHubOptions>? hub = null)
    {
        var options = new LocalHubOptions { Folder = HubFolder, RescanInterval = TimeSpan.Zero, Faults = Record };
        server = await LocalHubServer.StartAsync(hub?.Invoke(options) ?? options, NullLoggerFactory.Instance, TimeProvider.System, Cancel);
        Connect(client);
    }

    /// <summary>Replaces the client, as a restarted process would have a new one.</summary>
    public void Connect(Func<HubOptions, HubOptions>? client = null)
    {
        var options = new HubOptions { Endpoint = Server.HubUrl, RetryDelay = TimeSpan.FromMilliseconds(5) };
        services?.Dispose();
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(Clock)
            .AddSingleton<BlobStore>(Blobs)
            .AddHub(client?.Invoke(options) ?? options)
            .BuildServiceProvider();
    }

    public HubFault? Record(HubRequest request)
    {
        Requests.Enqueue(request);
        return Faults(request);
    }

    public void Put(string path, string content) => Put(path, Encoding.UTF8.GetBytes(content));

    public void Put(string path, byte[] content)
    {
        var place = Path.Combine(HubFolder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllBytes(place, content);
    }

    /// <summary>The repo's main revision and one of its files, as the hub lists it.</summary>
    public async Task<(RepoRevision Revision, RepoFile File)> FindAsync(string repo, string path)
    {
        var found = (await Hub.ReadRevisionAsync(RepoId.Parse(repo), null, Cancel)).ShouldBeOfType<RevisionAnswer.Found>().Revision;
        return (found, found.Files.Single(file => file.Path == path));
    }

    public async Task<FetchResult> FetchAsync(string repo, string path)
    {
        var (revision, file) = await FindAsync(repo, path);
        return await Fetcher.FetchAsync(revision.Repo, revision.Commit, file, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (services is not null)
        {
            await services.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }

        root.Delete(recursive: true);
    }
}
