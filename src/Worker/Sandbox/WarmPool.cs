using DynaHug.Worker.Tracing;
using Microsoft.Extensions.Logging;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// Sandboxes restored ahead of their files, so that a file does not wait for the restore. Each is used once, by a file that its memory
/// limit suits; a bigger file gets one of its own.
/// </summary>
internal sealed class WarmPool(SandboxRun runner, SandboxSession session, SandboxOptions options, ILogger logger, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Files up to this size share one memory limit, and may use a sandbox that was there before them.</summary>
    private const long SharedBytes = 64 << 20;

    private readonly Queue<Task<WaitingSandbox>> ahead = [];
    private bool ended;

    /// <summary>The home planted in these sandboxes.</summary>
    public HoneyHome Honey => runner.Honey;

    /// <summary>Loads one file of this size in a sandbox that ends with it.</summary>
    /// <exception cref="SandboxException">Our machinery failed; says nothing of the file.</exception>
    public async Task<RunRecord> RunAsync(long bytes, TraceRequest request, string environment, CancellationToken cancel) =>
        await runner.ExecuteAsync(await TakeAsync(bytes), request, environment, cancel);

    /// <summary>A sandbox for a file of this size, and the next one begun.</summary>
    private async Task<WaitingSandbox> TakeAsync(long bytes)
    {
        if (bytes > SharedBytes)
        {
            return await PrepareAsync(bytes);
        }

        while (TakeFirst() is { } first)
        {
            var waiting = await first;
            if (!waiting.Process.HasExited)
            {
                return waiting;
            }

            logger.LogWarning("a waiting sandbox ended before its file came");
            await waiting.EndAsync(logger, clock);
        }

        return await PrepareAsync(SharedBytes);
    }

    /// <summary>Ends those that wait.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<WaitingSandbox>[] left;
        lock (ahead)
        {
            ended = true;
            left = [.. ahead];
            ahead.Clear();
        }

        foreach (var waiting in left)
        {
            try
            {
                await (await waiting).EndAsync(logger, clock);
            }
            catch (SandboxException failure)
            {
                logger.LogWarning("a sandbox could not be started ahead: {Reason}", failure.Message);
            }
        }
    }

    /// <summary>The one that has waited longest, or null; and the pool is filled up again.</summary>
    private Task<WaitingSandbox>? TakeFirst()
    {
        lock (ahead)
        {
            var first = ahead.TryDequeue(out var waiting) ? waiting : null;
            while (!ended && ahead.Count < options.WarmSandboxes)
            {
                ahead.Enqueue(Task.Run(() => PrepareAsync(SharedBytes)));
            }

            return first;
        }
    }

    private Task<WaitingSandbox> PrepareAsync(long bytes) => runner.PrepareAsync(session.NewRun(), ((long)options.MemoryMegabytes << 20) + (2 * bytes));
}
