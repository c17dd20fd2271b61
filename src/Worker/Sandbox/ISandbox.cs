using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tracing;

namespace DynaHug.Worker.Sandbox;

/// <summary>One file to load.</summary>
/// <param name="Path">Where its bytes are on this machine.</param>
/// <param name="FileName">Name it is loaded under; some loaders look at the extension.</param>
/// <param name="Format">See <see cref="Shared.Static.FileFormat"/>.</param>
public sealed record TraceRequest(Sha256 Artifact, string Path, string FileName, string Format);

/// <summary>Loads files, each in a sandbox of its own, and says what each load did. Safe for any number of callers at a time.</summary>
public interface ISandbox : IAsyncDisposable
{
    /// <summary>Fingerprint of sandbox, loader and libraries: traces and profiles of different ones never mix. Lower-case letters, digits, hyphens.</summary>
    string Environment { get; }

    /// <summary>Whatever the file does is a result. Only our own side's failure throws.</summary>
    /// <exception cref="SandboxException">The sandbox broke; trying again, here or elsewhere, may help.</exception>
    Task<TraceSummary> TraceAsync(TraceRequest request, CancellationToken cancel);
}
