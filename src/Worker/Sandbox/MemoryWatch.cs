namespace DynaHug.Worker.Sandbox;

/// <summary>Limits a sandbox's memory where there are no control groups: looks several times a second, so a fast hog overshoots.</summary>
internal static class MemoryWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Completes when the processes of <paramref name="folder"/>'s sandbox hold more than the limit; cancelled with the run.</summary>
    public static async Task ExceededAsync(string folder, long limit, TimeProvider clock, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            if (ProcessTable.TreeMemory(folder) > limit)
            {
                return;
            }
        }
    }
}
