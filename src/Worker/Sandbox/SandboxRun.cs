using System.Diagnostics;
using System.Net.Sockets;
using DynaHug.Worker.Tracing;
using Microsoft.Extensions.Logging;

namespace DynaHug.Worker.Sandbox;

/// <summary>One traced load from the first process to the last: starts it, asks it, watches its limits, ends it, leaves nothing.</summary>
internal sealed class SandboxRun(SandboxOptions options, Runsc runsc, SandboxMode mode, ImageFolder image, HoneyHome honey,
    ChildProcesses children, ILogger logger, TimeProvider clock)
{
    /// <summary>128 + SIGKILL: what a sandbox ends with that was killed by neither us nor itself.</summary>
    private const int Killed = 137;

    /// <summary>The home planted in the image.</summary>
    public HoneyHome Honey => honey;

    /// <summary>Starts a sandbox that waits for its file.</summary>
    /// <param name="memory">Bytes that the sandbox may use.</param>
    /// <exception cref="SandboxException">Our machinery failed.</exception>
    public async Task<WaitingSandbox> PrepareAsync(RunFolder run, long memory)
    {
        Process? process = null;
        TraceSink? sink = null;
        try
        {
            await WriteFilesAsync(run, memory);
            sink = new TraceSink(run.Socket, options.EventBudget);
            sink.Start();
            process = await children.StartAsync(mode == SandboxMode.Restore ? runsc.Restore(run, image.Checkpoint) : runsc.Run(run, traced: true));
            return new WaitingSandbox(run, memory, sink, process, options.OutputBytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SocketException or SandboxException)
        {
            sink?.Dispose();
            await SandboxEnd.CleanAsync(run, process, logger, clock);
            throw failure as SandboxException ?? new SandboxException($"the files of a sandbox cannot be written: {failure.Message}", failure);
        }
    }

    /// <summary>Gives the file to a waiting sandbox, which ends with it.</summary>
    /// <exception cref="SandboxException">Our machinery failed; says nothing of the file.</exception>
    public async Task<RunRecord> ExecuteAsync(WaitingSandbox waiting, TraceRequest request, string environment, CancellationToken cancel)
    {
        try
        {
            ModelSlot.Fill(waiting.Run.Slot, request.Path);
            return await FollowAsync(waiting, request, environment, cancel);
        }
        finally
        {
            await waiting.EndAsync(logger, clock);
        }
    }

    private async Task<RunRecord> FollowAsync(WaitingSandbox waiting, TraceRequest request, string environment, CancellationToken cancel)
    {
        var (run, sink, process, output, errors) = (waiting.Run, waiting.Sink, waiting.Process, waiting.Output, waiting.Errors);
        using var watching = new CancellationTokenSource();
        var exited = process.WaitForExitAsync(CancellationToken.None);
        if (mode == SandboxMode.Cold)
        {
            LoaderProtocol.ReadReady(await ReadyLineAsync(output, cancel));
        }

        var begin = clock.GetTimestamp();
        var question = LoaderProtocol.Ask(request, options.LingerSeconds);
        await AskAsync(process, question);

        var stop = new RunStop();
        stop.OnSink(sink);
        stop.On(exited, RunEnd.Exited);
        stop.On(output.Flooded, RunEnd.OutputBudget);
        stop.On(errors.Flooded, RunEnd.OutputBudget);
        stop.On(Task.Delay(TimeSpan.FromSeconds(options.WallSeconds), clock, watching.Token), RunEnd.TimedOut);
        if (!runsc.Cgroups)
        {
            stop.On(MemoryWatch.ExceededAsync(run.Folder, waiting.Memory, clock, watching.Token), RunEnd.OutOfMemory);
        }

        RunEnd end;
        await using (cancel.Register(() => SandboxEnd.Kill(process)))
        {
            end = await stop.First;
        }

        var seconds = clock.GetElapsedTime(begin).TotalSeconds;
        await watching.CancelAsync();
        if (end != RunEnd.Exited)
        {
            SandboxEnd.Kill(process);
        }

        cancel.ThrowIfCancellationRequested();
        var finish = Task.WhenAll(exited, waiting.Drained, SinkEndAsync(sink, exited));
        await finish.WaitAsync(SandboxEnd.Patience, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!finish.IsCompletedSuccessfully)
        {
            throw new SandboxException($"the sandbox did not end within {SandboxEnd.Patience.TotalSeconds:0} s after {end}", finish.Exception?.GetBaseException() ?? new TimeoutException());
        }

        return Record(run, environment, sink, process.ExitCode, end, LoaderProtocol.Split(output.Text(), question.Nonce), errors.Text(), seconds);
    }

    private RunRecord Record(
        RunFolder run, string environment, TraceSink sink, int exitCode, RunEnd end, (string Output, string? Report) said, string errors, double seconds)
    {
        if (sink.Events.Count == 0)
        {
            var log = File.Exists(run.Log) ? File.ReadAllText(run.Log) : "";
            throw new SandboxException($"the sandbox did not start (code {exitCode}): {Shared.Printable.Of((errors + log).Trim(), 600)}");
        }

        // The kernel's out-of-memory killer leaves no exit of the first process in the trace; a loader that kills itself does.
        var ended = end != RunEnd.Exited ? end
            : sink.IsBudgetSpent ? RunEnd.EventBudget
            : exitCode == Killed && !sink.Events.Any(IsExitOfFirstTask) ? RunEnd.OutOfMemory
            : RunEnd.Exited;
        return new RunRecord(
            environment,
            honey.Seed,
            sink.Events,
            sink.Dropped,
            EndOfStream: ended == RunEnd.Exited,
            ended,
            ended == RunEnd.Exited ? exitCode : null,
            said.Output,
            LoaderProtocol.Head(errors),
            said.Report,
            seconds);
    }

    private static bool IsExitOfFirstTask(TraceEvent happened) => happened is { Point: TracePoint.TaskExit, Thread: 1 };

    /// <summary>After an exit without any connection the sink waits for one that will not come.</summary>
    private static async Task SinkEndAsync(TraceSink sink, Task exited)
    {
        await exited;
        if (!sink.IsConnected)
        {
            sink.Dispose();
        }

        await sink.Stopped;
    }

    private async Task<string?> ReadyLineAsync(OutputCollector output, CancellationToken cancel)
    {
        try
        {
            return await output.FirstLine.WaitAsync(TimeSpan.FromSeconds(options.StartSeconds), clock, cancel);
        }
        catch (TimeoutException late)
        {
            throw new SandboxException($"the loader was not ready within {options.StartSeconds} s", late);
        }
    }

    private static async Task AskAsync(Process process, LoaderProtocol.Request question)
    {
        try
        {
            await process.StandardInput.WriteAsync(question.ToLine());
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it could be asked; that shows in what it left behind.
        }
    }

    private async Task WriteFilesAsync(RunFolder run, long memory)
    {
        var bundle = Bundle.Describe(options, image, honey, run.Slot, runsc.Cgroups ? run.Cgroup : null, memory);
        await File.WriteAllTextAsync(run.Config, bundle.ToJson());
        await File.WriteAllTextAsync(run.Session, TraceSession.To(run.Socket).ToJson());
    }
}
