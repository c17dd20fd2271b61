namespace DynaHug.Coordinator.Cli;

internal static class Waiting
{
    /// <summary>Ends, without an exception, when the person presses Ctrl-C.</summary>
    public static async Task ForCancellationAsync(CancellationToken cancel)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancel.Register(() => cancelled.TrySetResult());
        await cancelled.Task;
    }
}
