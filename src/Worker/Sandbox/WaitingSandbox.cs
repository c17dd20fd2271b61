using System.Diagnostics;
using DynaHug.Worker.Tracing;
using Microsoft.Extensions.Logging;

namespace DynaHug.Worker.Sandbox;

/// <summary>A sandbox that has started and waits for the one file that it will load. Its streams are drained from the first moment.</summary>
internal sealed class WaitingSandbox
{
    /// <param name="memory">Bytes that it may use.</param>
    /// <param name="outputBytes">Most bytes to keep of standard output, and of standard error.</param>
    public WaitingSandbox(RunFolder run, long memory, TraceSink sink, Process process, int outputBytes)
    {
        Run = run;
        Memory = memory;
        Sink = sink;
        Process = process;
        Output = new OutputCollector(process.StandardOutput.BaseStream, outputBytes);
        Errors = new OutputCollector(process.StandardError.BaseStream, outputBytes);
        Drained = Task.WhenAll(Output.DrainAsync(), Errors.DrainAsync());
    }

    public RunFolder Run { get; }

    public long Memory { get; }

    public TraceSink Sink { get; }

    public Process Process { get; }

    public OutputCollector Output { get; }

    public OutputCollector Errors { get; }

    /// <summary>Completes when both streams have ended.</summary>
    public Task Drained { get; }

    /// <summary>Ends it if it still runs, and removes what it used.</summary>
    public async Task EndAsync(ILogger logger, TimeProvider clock)
    {
        await SandboxEnd.CleanAsync(Run, Process, logger, clock);
        Sink.Dispose();
        Process.Dispose();
    }
}
