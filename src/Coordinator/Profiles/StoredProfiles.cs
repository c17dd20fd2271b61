using Akka.Actor;
using Akka.Hosting;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Projection;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Training;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;

namespace DynaHug.Coordinator.Profiles;

/// <summary>
/// A data folder while no node runs on it: the journal, the projection and what a node would fit and compare with, without cluster, hub or
/// sandbox. Verdicts follow when a node starts on the folder.
/// </summary>
public sealed class StoredProfiles : IAsyncDisposable
{
    private static readonly TimeSpan ProjectionTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly IHost host;
    private readonly DataFolderLock dataFolder;

    private StoredProfiles(IHost host, DataFolderLock dataFolder) => (this.host, this.dataFolder) = (host, dataFolder);

    public ReadModelQueries ReadModel => host.Services.GetRequiredService<ReadModelQueries>();

    public BlobStore Blobs => host.Services.GetRequiredService<BlobStore>();

    public Refitter Refitter => host.Services.GetRequiredService<Refitter>();

    public Candidates Candidates => host.Services.GetRequiredService<Candidates>();

    /// <summary>Takes messages for profile entities.</summary>
    public IActorRef Profiles => host.Services.GetRequiredService<IReadOnlyActorRegistry>().Get<Keys.ProfileRegion>();

    /// <exception cref="UsageException">A node, or another command, holds the folder.</exception>
    public static async Task<StoredProfiles> OpenAsync(NodeOptions options, CancellationToken cancel)
    {
        var dataFolder = DataFolderLock.Take(options.DataFolder);
        try
        {
            var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            builder.Services
                .AddSingleton(TimeProvider.System)
                .AddSingleton(options)
                .AddSingleton(options.Training)
                .AddSingleton(options.Fitting)
                .AddSingleton<BlobStore>(new BlobFolder(options.BlobFolder))
                .AddSingleton(new ProfileFolder(options.ProfileFolder))
                .AddSingleton<ActiveProfiles>()
                .AddSingleton<ActivationPolicy>()
                .AddSingleton<Comparer>()
                .AddSingleton<Candidates>()
                .AddSingleton<RequestedLoads>()
                .AddSingleton<InjectedLoads>()
                .AddSingleton<ReferenceLoads>()
                .AddSingleton<Refitter>()
                .AddReadModel(options.ReadModel)
                .AddAkka(AkkaSetup.SystemName, akka => akka
                    .AddJournal(options.Journal)
                    .ConfigureLoggers(loggers =>
                    {
                        loggers.ClearLoggers();
                        loggers.LogLevel = Akka.Event.LogLevel.WarningLevel; // without loggers its way down is told on standard output
                    })
                    .WithActors((system, registry, services) =>
                    {
                        registry.Register<Keys.ProfileRegion>(system.ActorOf(Props.Create(() => new LocalProfiles(TimeProvider.System)), "profiles"));
                        system.ActorOf(services.Props<Projector>(), "projection");
                    }));
            var host = builder.Build();
            await host.Services.GetRequiredService<ReadModelSchema>().MigrateAsync(cancel);
            await host.StartAsync(cancel);
            var opened = new StoredProfiles(host, dataFolder);
            await opened.ActivateWhatIsActiveAsync(cancel);
            return opened;
        }
        catch
        {
            dataFolder.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the read model shows what was stored.</summary>
    /// <exception cref="TimeoutException">It does not.</exception>
    public async Task<ProfileSummary> UntilAsync(Func<ProfileSummary, bool> stored, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ProjectionTimeout);
        try
        {
            while (true)
            {
                if ((await ReadModel.ProfilesAsync(limit.Token)).FirstOrDefault(stored) is { } found)
                {
                    return found;
                }

                await Task.Delay(Glance, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"the change is in the journal, but the read model did not show it in {ProjectionTimeout.TotalSeconds} s; look again when a node runs");
        }
    }

    /// <summary>Makes a version the active one and leaves it where scans look for it.</summary>
    public async Task<ProfileSummary> ActivateAsync(ProfileSummary version, CancellationToken cancel)
    {
        await Candidates.ActivateAsync(Profiles, await ReadAsync(Blobs, version, cancel), version.Version, cancel);
        return await UntilAsync(row => row.Active && row.Blob == version.Blob && row.TaskCluster == version.TaskCluster, cancel);
    }

    /// <exception cref="UsageException">The profile's file is gone or damaged.</exception>
    public static async Task<Profile> ReadAsync(BlobStore blobs, ProfileSummary version, CancellationToken cancel)
    {
        try
        {
            using var file = new MemoryStream(await blobs.ReadAsync(version.Blob, cancel));
            return Profile.Load(file);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException)
        {
            throw new UsageException($"version {version.Version} of {version.TaskCluster} cannot be read from the blob store: {problem.Message}", problem);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        dataFolder.Dispose();
    }

    private async Task ActivateWhatIsActiveAsync(CancellationToken cancel)
    {
        var active = host.Services.GetRequiredService<ActiveProfiles>();
        foreach (var version in await ReadModel.ActiveProfilesAsync(cancel))
        {
            active.Activate(await ReadAsync(Blobs, version, cancel));
        }
    }
}
