using System.Net;
using DynaHug.LocalHub.Folders;
using DynaHug.LocalHub.Serving;
using DynaHug.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DynaHug.LocalHub;

/// <summary>
/// Serves a folder by the HTTP API of a Hugging Face hub, on loopback only: the hub itself, and on a second port the file host that
/// LFS files redirect to, as large files of the public hub lie on another host.
/// </summary>
public sealed class LocalHubServer : IAsyncDisposable
{
    private const long MaxRequestBytes = 4 << 20;

    private readonly WebApplication app;
    private readonly RepoIndex index;

    private LocalHubServer(WebApplication app, RepoIndex index, Uri hub, Uri blobs)
    {
        this.app = app;
        this.index = index;
        HubUrl = hub;
        BlobUrl = blobs;
    }

    public Uri HubUrl { get; }

    /// <summary>The file host.</summary>
    public Uri BlobUrl { get; }

    /// <exception cref="LocalHubException">The folder is missing or the port taken.</exception>
    public static async Task<LocalHubServer> StartAsync(LocalHubOptions options, ILoggerFactory loggers, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Directory.Exists(options.Folder))
        {
            throw new LocalHubException($"there is no folder '{Printable.Of(options.Folder)}' to serve; make it, with repos as org/name/<files> in it");
        }

        var index = new RepoIndex(Path.GetFullPath(options.Folder), new FileHasher(options.LfsBytes), options.RescanInterval, clock);
        var app = Build(options, loggers);
        var addresses = new Addresses();
        var dispatcher = new Dispatcher(options, index, new Quotas(options, clock), new FileServer(new SignedAddress(options.SignedFor, clock), () => addresses.Blobs));
        var faults = new FaultStage(options.Faults, clock);
        app.Run(context =>
        {
            if (!addresses.AreKnown)
            {
                return new HubError(503, null, "starting").WriteAsync(context);
            }

            var toFileHost = context.Connection.LocalPort == addresses.Blobs.Port;
            var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            return faults.InvokeAsync(context, toFileHost, target, () => toFileHost ? dispatcher.FileHostAsync(context) : dispatcher.HubAsync(context, target));
        });
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            index.Dispose();
            throw new LocalHubException($"port {options.Port} is in use; name another with --port, or --port 0 for any free one", taken);
        }

        addresses.Set([.. app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(address => new Uri(address))]);
        return new LocalHubServer(app, index, addresses.Hub, addresses.Blobs);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        index.Dispose();
    }

    private static WebApplication Build(LocalHubOptions options, ILoggerFactory loggers)
    {
        // Empty: no settings files, no environment, no console. The process belongs to who starts the hub, its signals too.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        return builder.Build();
    }

    /// <summary>Both addresses are known only once the server listens.</summary>
    private sealed class Addresses
    {
        private Uri[] bound = [];

        public bool AreKnown => Volatile.Read(ref bound).Length > 0;

        public Uri Hub => bound[0];

        public Uri Blobs => bound[1];

        public void Set(Uri[] addresses) => Volatile.Write(ref bound, addresses);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
