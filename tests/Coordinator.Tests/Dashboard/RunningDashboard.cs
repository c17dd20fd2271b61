using System.Net;
using Akka.Hosting;
using DynaHug.Coordinator.Access;
using DynaHug.Coordinator.Admission;
using DynaHug.Coordinator.Dashboard;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Reports;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Artifacts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>The pages as a node serves them, on a free port, over a read model of the test's own.</summary>
internal sealed class RunningDashboard : IAsyncDisposable
{
    private readonly TemporaryReadModel readModel;
    private readonly WebApplication app;

    private RunningDashboard(TemporaryReadModel readModel, WebApplication app)
    {
        this.readModel = readModel;
        this.app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public HubReporter Reporter => app.Services.GetRequiredService<HubReporter>();

    public string ReportFolder => app.Services.GetRequiredService<NodeOptions>().Reports;

    public Task TellAsync(Story story, CancellationToken cancel) => story.ApplyToAsync(app.Services.GetRequiredService<ReadModelWriter>(), cancel);

    public static async Task<RunningDashboard> StartAsync(Story story, CancellationToken cancel)
    {
        var readModel = await TemporaryReadModel.MakeAsync(cancel);
        await story.ApplyToAsync(readModel.Writer, cancel);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(App).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.WebHost.UseStaticWebAssets();
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(new NodeOptions { DataFolder = readModel.Folder })
            .AddReadModel(SqlStore.InFile(readModel.File))
            .AddSingleton<BlobStore>(new BlobFolder(Path.Combine(readModel.Folder, "blobs")))
            .AddSingleton<IReadOnlyActorRegistry>(new ActorRegistry())
            .AddReports()
            .AddHub(new HubOptions { Endpoint = new Uri("http://127.0.0.1:9/") })
            .AddDashboard(new AccessOptions(), AdmissionPolicy.Default);
        var app = builder.Build();
        app.MapDashboard();
        await app.StartAsync(cancel);
        await Hostile.StoreAsync(app.Services.GetRequiredService<BlobStore>());
        return new RunningDashboard(readModel, app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        readModel.Dispose();
    }
}
