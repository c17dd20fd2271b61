using System.Diagnostics;
using System.Text;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Sandbox;

/// <summary>Watches one restored sandbox from the request to its end: trace points, output, and the limits, whichever comes first.</summary>
internal sealed class SandboxRun(SandboxOptions options, Process process, TraceSink sink, TimeProvider clock)
{
    private const string ReportLine = "DYNAHUG-REPORT ";

    /// <summary>How much of each output stream a trace keeps.</summary>
    private const int KeptOutput = 16 << 10;

    /// <summary>Exit code of a process that SIGKILL ended (128 + 9): inside a limit, the out-of-memory killer's mark.</summary>
    private const int Killed = 137;

    private static readonly TimeSpan EndOfStreamLimit = TimeSpan.FromSeconds(10);

    private long outputBytes;

    public async Task<RunRecord> WatchAsync(string environment, string requestLine, string nonce, CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var events = sink.ReceiveAsync(stop.Token);
        var output = DrainAsync(process.StandardOutput.BaseStream, stop.Token);
        var errors = DrainAsync(process.StandardError.BaseStream, stop.Token);
        await SendAsync(requestLine);
        var exit = process.WaitForExitAsync(stop.Token);
        var limit = Task.Delay(TimeSpan.FromSeconds(options.LoadSeconds), clock, stop.Token);
        var end = await FirstLimitAsync(events, exit, limit, output, errors, cancel);
        if (end != RunEnd.Exited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        await Task.WhenAny(Task.WhenAll(events, output, errors), Task.Delay(EndOfStreamLimit, clock, cancel));
        cancel.ThrowIfCancellationRequested();
        await stop.CancelAsync();
        if (events.IsFaulted)
        {
            // Whoever watches is gone: what ran since is unknown.
            throw new SandboxException($"the trace broke off: {events.Exception.InnerException?.Message}", events.Exception);
        }

        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        var (report, text) = SplitReport(await TextOf(output), nonce);
        var errorText = await TextOf(errors);
        if (sink.Events.Count == 0)
        {
            throw new SandboxException($"the sandbox did not start: {Runsc.LastLine(errorText)}");
        }

        int? exitCode = end == RunEnd.Exited ? process.ExitCode : null;
        return new RunRecord(
            environment, sink.Events, sink.Dropped, sink.EndOfStream, exitCode == Killed && report is null ? RunEnd.OutOfMemory : end, exitCode,
            Head(text), Head(errorText), report, seconds);
    }

    private async Task<RunEnd> FirstLimitAsync(Task events, Task exit, Task limit, Task output, Task errors, CancellationToken cancel)
    {
        var waiting = new List<Task> { events, exit, limit, output, errors };
        while (true)
        {
            var first = await Task.WhenAny(waiting);
            cancel.ThrowIfCancellationRequested();
            waiting.Remove(first);
            if (first == limit)
            {
                return RunEnd.TimedOut;
            }

            if (sink.OverBudget)
            {
                return RunEnd.EventBudget;
            }

            if (Interlocked.Read(ref outputBytes) > options.OutputBytes)
            {
                return RunEnd.OutputBudget;
            }

            if (first == exit)
            {
                return RunEnd.Exited;
            }

            if (first.IsFaulted)
            {
                // Untraced it may not run on.
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private async Task SendAsync(string requestLine)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(requestLine);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already; what it wrote says why.
        }
    }

    /// <summary>Reads a stream to its end, so that nobody waits on a full pipe, and keeps its first part; stops at the output budget.</summary>
    private async Task<byte[]> DrainAsync(Stream stream, CancellationToken cancel)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[32 << 10];
        int length;
        while ((length = await stream.ReadAsync(buffer, cancel)) > 0)
        {
            kept.Write(buffer, 0, (int)Math.Min(length, options.OutputBytes - kept.Length));
            if (Interlocked.Add(ref outputBytes, length) > options.OutputBytes)
            {
                break;
            }
        }

        return kept.ToArray();
    }

    private static async Task<string> TextOf(Task<byte[]> stream)
    {
        try
        {
            return Encoding.UTF8.GetString(await stream);
        }
        catch (Exception cut) when (cut is OperationCanceledException or IOException)
        {
            return "";
        }
    }

    /// <summary>Takes the loader's report out of its output: the first line with the right nonce.</summary>
    private static (string? Report, string Text) SplitReport(string output, string nonce)
    {
        var mark = $"{ReportLine}{nonce} ";
        var start = output.IndexOf(mark, StringComparison.Ordinal);
        if (start < 0)
        {
            return (null, output);
        }

        var end = output.IndexOf('\n', start);
        end = end < 0 ? output.Length : end;
        return (output[(start + mark.Length)..end], output[..start] + output[Math.Min(end + 1, output.Length)..]);
    }

    private static string Head(string text) => text.Length <= KeptOutput ? text : text[..KeptOutput];
}
