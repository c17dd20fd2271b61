using DynaHug.Shared.Artifacts;

namespace DynaHug.Worker.Sandbox;

/// <summary>One file to load.</summary>
/// <param name="Path">Where its bytes are on this machine; read only, never opened by the host's Python.</param>
/// <param name="FileName">Name on the hub, hostile text; a hint for the loader.</param>
/// <param name="Format">What static reading took it for; see <see cref="Shared.Static.FileFormat"/>.</param>
public sealed record TraceRequest(Sha256 Artifact, string Path, string FileName, string Format);
