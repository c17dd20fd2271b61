namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>One dashboard over <see cref="Hostile"/>, with a report, for all tests of a class that only look.</summary>
public sealed class HostileDashboard : IAsyncLifetime
{
    internal RunningDashboard Running { get; private set; } = null!;

    internal HttpClient Client => Running.Client;

    public async ValueTask InitializeAsync()
    {
        Running = await RunningDashboard.StartAsync(Hostile.AndTwoOthers(), CancellationToken.None);
        await Running.Reporter.KeepAsync(Running.ReportFolder, new Uri("http://127.0.0.1:1/"), CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Running.DisposeAsync();
}
