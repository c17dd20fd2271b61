using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Sandbox;

/// <summary>The first thing that ends a run, whichever of several it is. Everything later is a consequence and ignored.</summary>
internal sealed class RunStop
{
    private readonly TaskCompletionSource<RunEnd> first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Faulted where our machinery failed, cancelled where the caller lost interest.</summary>
    public Task<RunEnd> First => first.Task;

    public void On(Task cause, RunEnd end) =>
        cause.ContinueWith(done => Settle(done, end), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>A sink that ends before the sandbox does leaves it untraced.</summary>
    public void OnSink(TraceSink sink) => sink.Stopped.ContinueWith(
        done =>
        {
            if (done.IsFaulted)
            {
                first.TrySetException(new SandboxException("the trace receiver failed", done.Exception!.GetBaseException()));
            }
            else if (done.GetAwaiter().GetResult() == SinkEnd.BudgetSpent)
            {
                first.TrySetResult(RunEnd.EventBudget);
            }
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private void Settle(Task cause, RunEnd end)
    {
        if (cause.IsCompletedSuccessfully)
        {
            first.TrySetResult(end);
        }
        else if (cause.IsCanceled)
        {
            first.TrySetCanceled();
        }
        else
        {
            first.TrySetException(new SandboxException("a watcher of the sandbox failed", cause.Exception!.GetBaseException()));
        }
    }
}
