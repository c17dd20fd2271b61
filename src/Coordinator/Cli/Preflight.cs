using DynaHug.Coordinator.Blobs;
using DynaHug.Coordinator.Hosting;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Artifacts;
using DynaHug.Worker.Sandbox;

namespace DynaHug.Coordinator.Cli;

/// <summary>Finds out before anything is started what would make all of it fail: no sandbox, no blob store, no hub, a wrong token.</summary>
internal static class Preflight
{
    /// <exception cref="SandboxUnavailableException">This machine cannot run sandboxes.</exception>
    /// <exception cref="BlobStoreException">The blob store is not there, or refuses us.</exception>
    /// <exception cref="HubException">The hub does not answer as one.</exception>
    public static async Task CheckAsync(NodeOptions options, HubOptions hub, CancellationToken cancel)
    {
        if (options.Has(NodeRole.Worker))
        {
            await GvisorSandbox.RequireAsync(CommonOptions.SandboxIn(options.DataFolder), cancel);
        }

        await BlobStores.RequireAsync(options, cancel);
        if (options.Has(NodeRole.Coordinator) || options.Has(NodeRole.Crawler))
        {
            await using var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton(TimeProvider.System)
                .AddHub(hub)
                .BuildServiceProvider();
            await services.GetRequiredService<HubClient>().CheckAsync(cancel);
        }
    }
}
