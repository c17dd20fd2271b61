using DynaHug.Shared.Artifacts;
using Microsoft.Extensions.DependencyInjection;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>One whole coordinator over <see cref="Hostile"/>, for all tests of a class that leave its repos as they are.</summary>
public sealed class HostileNode : IAsyncLifetime
{
    internal RunningNode Running { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Running = await RunningNode.StartAsync(Hostile.AndTwoOthers(), CancellationToken.None);
        await Hostile.StoreAsync(Running.Services.GetRequiredService<BlobStore>());
    }

    public ValueTask DisposeAsync() => Running.DisposeAsync();
}
