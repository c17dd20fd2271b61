using DynaHug.Coordinator.ReadModel;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>
/// Tells open pages that the read model has changed. It looks at one row now and then, and only while a page is open, so that it makes
/// no difference which node writes the read model.
/// </summary>
public sealed class ReadModelPulse(ReadModelQueries readModel, TimeProvider clock, ILogger<ReadModelPulse> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(750);

    private event Action? Changed;

    /// <param name="changed">Called on any thread; must not block or throw.</param>
    /// <returns>Ends the subscription.</returns>
    public IDisposable Subscribe(Action changed)
    {
        Changed += changed;
        return new Subscription(() => Changed -= changed);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var seen = 0L;
        using var glances = new PeriodicTimer(Interval, clock);
        while (await glances.WaitForNextTickAsync(stoppingToken))
        {
            if (Changed is not { } changed)
            {
                continue;
            }

            try
            {
                var mark = await readModel.ChangeMarkAsync(stoppingToken);
                if (mark != seen)
                {
                    seen = mark;
                    changed();
                }
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                logger.LogWarning(problem, "the read model could not be read; pages stay as they are");
            }
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
