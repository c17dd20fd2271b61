using DynaHug.Shared.Tracing;

namespace DynaHug.Worker.Sandbox;

/// <summary>Loads model files where they can do no harm, and says what they did.</summary>
public interface ISandbox : IAsyncDisposable
{
    /// <summary>Fingerprint of sandbox, loader and libraries; in every trace made here.</summary>
    string Environment { get; }

    /// <summary>Loads one file in a sandbox of its own. Safe to call at the same time for several files.</summary>
    /// <exception cref="SandboxException">Our machinery broke, which says nothing of the file; try again, here or elsewhere.</exception>
    /// <exception cref="Shared.Artifacts.BlobStoreException">The trace cannot be stored.</exception>
    Task<TraceSummary> TraceAsync(TraceRequest request, CancellationToken cancel);
}
