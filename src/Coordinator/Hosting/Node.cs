using System.Net;
using Akka.Actor;
using Akka.Hosting;
using DynaHug.Coordinator.Access;
using DynaHug.Coordinator.Blobs;
using DynaHug.Coordinator.Dashboard;
using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.Monitoring;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Reports;
using DynaHug.Coordinator.Training;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Crawler.Hub;
using DynaHug.Crawler.Hub.Transport;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Telemetry;
using DynaHug.Worker.Canaries;
using DynaHug.Worker.Sandbox;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Serilog;

namespace DynaHug.Coordinator.Hosting;

/// <summary>One process of the cluster: actors by role, and on a coordinator the pages, the API and the metrics: on loopback, or beyond it with sign-in.</summary>
public sealed class Node : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly DataFolderLock dataFolder;

    private Node(WebApplication app, DataFolderLock dataFolder)
    {
        this.app = app;
        this.dataFolder = dataFolder;
    }

    /// <summary>Where the pages are.</summary>
    public Uri Dashboard => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public IServiceProvider Services => app.Services;

    /// <summary>Password of the admin that this start has made, to be told once; null where it made none.</summary>
    public string? FirstPassword { get; private init; }

    public ReadModelQueries ReadModel => Services.GetRequiredService<ReadModelQueries>();

    public IActorRef Actor<TKey>() => Services.GetRequiredService<IReadOnlyActorRegistry>().Get<TKey>();

    /// <exception cref="UsageException">The data folder or the port is taken.</exception>
    public static async Task<Node> StartAsync(NodeOptions options, HubOptions hub, CancellationToken cancel)
    {
        Listening.Require(options.Listen, options.Access);
        var dataFolder = DataFolderLock.Take(options.DataFolder);
        try
        {
            var app = Build(options, hub);
            if (options.Has(NodeRole.Coordinator))
            {
                await PrepareTablesAsync(options, app.Services.GetRequiredService<ReadModelSchema>(), cancel);
            }

            await app.StartAsync(cancel);
            var firstPassword = options.Has(NodeRole.Coordinator) ? await app.Services.GetRequiredService<Accounts>().EnsureAdminAsync(cancel) : null;
            return new Node(app, dataFolder) { FirstPassword = firstPassword };
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            dataFolder.Dispose();
            throw new UsageException($"port {options.Port} is in use; name another with --port, or --port 0 for any free one", taken);
        }
        catch
        {
            dataFolder.Dispose();
            throw;
        }
    }

    /// <summary>Ends when the node stops, whoever stops it.</summary>
    public CancellationToken Stopping => app.Lifetime.ApplicationStopping;

    /// <summary>Whether it stopped by itself: the majority of coordinators has cut it off, or none let it join.</summary>
    public bool CutOff => CoordinatedShutdown.Get(Services.GetRequiredService<ActorSystem>()).ShutdownReason
        is CoordinatedShutdown.ClusterDowningReason or CoordinatedShutdown.ClusterJoinUnsuccessfulReason;

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        dataFolder.Dispose();
    }

    /// <summary>Files are brought up to date here; a database that others use too is not: whoever runs it decides when.</summary>
    private static async Task PrepareTablesAsync(NodeOptions options, ReadModelSchema readModel, CancellationToken cancel)
    {
        if (options.Database is { } shared)
        {
            JournalSchema.RequireCurrent(shared);
            readModel.RequireCurrent();
        }
        else
        {
            await JournalFile.PrepareAsync(options.JournalFile, cancel);
            await readModel.MigrateAsync(cancel);
        }
    }

    private static WebApplication Build(NodeOptions options, HubOptions hub)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(Node).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.Sources.Clear();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Listening.Set(kestrel, options);
            if (options.ProbePort is { } probes)
            {
                kestrel.Listen(IPAddress.Parse(options.BindAddress), probes);
            }
        });
        builder.WebHost.UseStaticWebAssets();
        AddLogging(builder, options);
        AddTelemetry(builder, options);
        AddParts(builder.Services, options, hub);
        if (options.Has(NodeRole.Worker))
        {
            builder.Services.AddSingleton<CanaryTrial>().AddSingleton<CanaryHealth>();
        }

        if (options.Has(NodeRole.Coordinator))
        {
            AddCoordinatorParts(builder.Services, options);
        }

        builder.Services.AddAkka(AkkaSetup.SystemName, akka => akka
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            })
            .AddDynaHug(options));
        var app = builder.Build();
        Probes.Map(app, options);
        if (options.Has(NodeRole.Coordinator))
        {
            app.MapDashboard();
            if (options.WebhookSecret is { } secret)
            {
                Webhooks.Map(app, secret);
            }
        }

        return app;
    }

    private static void AddParts(IServiceCollection services, NodeOptions options, HubOptions hub)
    {
        services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(options)
            .AddSingleton(_ => BlobStores.Open(options))
            .AddSingleton(new StaticOptions())
            .AddSingleton(new SandboxOptions { Folder = options.SandboxFolder })
            .AddSingleton<SandboxHost>()
            .AddHub(hub)
            .AddSingleton<IRateBudget>(provider => new ClusterBudget(
                () => provider.GetRequiredService<IReadOnlyActorRegistry>().Get<Keys.HubBudget>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<ClusterBudget>>()));
    }

    /// <summary>What only a coordinator has: the database, learning, judging, pages.</summary>
    private static void AddCoordinatorParts(IServiceCollection services, NodeOptions options)
    {
        services
            .AddSingleton(options.Fitting)
            .AddSingleton(options.Training)
            .AddSingleton<ActivationPolicy>()
            .AddSingleton<Comparer>()
            .AddSingleton<Candidates>()
            .AddSingleton(new ProfileFolder(options.ProfileFolder))
            .AddSingleton<ActiveProfiles>()
            .AddSingleton<Judge>()
            .AddSingleton<RequestedLoads>()
            .AddSingleton<InjectedLoads>()
            .AddSingleton<ReferenceLoads>()
            .AddSingleton<Refitter>()
            .AddSingleton<Rescorer>()
            .AddReadModel(options.ReadModel)
            .AddReports()
            .AddDashboard(options.Access, options.Admission)
            .AddHostedService<BlobEvictor>()
            .AddHostedService<ReportSchedule>();
    }

    private static void AddLogging(WebApplicationBuilder builder, NodeOptions options)
    {
        builder.Logging.ClearProviders();
        builder.Services.AddSerilog(log => NodeLog.Configure(log, options.LogFile));
    }

    private static void AddTelemetry(WebApplicationBuilder builder, NodeOptions options)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("dynahug"))
            .WithMetrics(metrics => metrics.AddMeter(Instruments.Name).AddPrometheusExporter());
        if (options.Otlp is { } endpoint)
        {
            // Only then do activities begin: the trace of a revision is stored with it, and should lead somewhere.
            telemetry
                .WithMetrics(metrics => metrics.AddOtlpExporter(exporter => exporter.Endpoint = endpoint))
                .WithTracing(traces => traces.AddSource(Instruments.Name).AddOtlpExporter(exporter => exporter.Endpoint = endpoint));
        }
    }
}
