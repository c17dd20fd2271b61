using DynaHug.Shared.Artifacts;
using Microsoft.Extensions.Logging;

namespace DynaHug.Worker.Sandbox;

/// <summary>Starts the node's sandbox when the first file needs it (a checkpoint image may have to be built) and ends it with the node.</summary>
public sealed class SandboxHost(SandboxOptions options, BlobStore blobs, TimeProvider clock, ILogger<GvisorSandbox> logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim starting = new(1, 1);
    private GvisorSandbox? sandbox;

    /// <exception cref="SandboxUnavailableException">This machine cannot run sandboxes; the message says what to install.</exception>
    public async Task<ISandbox> GetAsync(CancellationToken cancel)
    {
        await starting.WaitAsync(cancel);
        try
        {
            return sandbox ??= await GvisorSandbox.StartAsync(options, blobs, logger, clock, cancel);
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (sandbox is not null)
        {
            await sandbox.DisposeAsync();
        }

        starting.Dispose();
    }
}
