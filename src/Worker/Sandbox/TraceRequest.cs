using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;

namespace DynaHug.Worker.Sandbox;

/// <summary>One file to load.</summary>
/// <param name="Path">Where its bytes are on this machine; read only, never opened by the host's Python.</param>
/// <param name="FileName">Name on the hub, hostile text; a hint for the loader.</param>
/// <param name="Format">What static reading took it for; see <see cref="FileFormat"/>.</param>
/// <param name="Libraries">What its sandbox has imported.</param>
/// <param name="IsTrial">It is the sandbox that is looked at, not the file: the load is neither stored nor counted.</param>
public sealed record TraceRequest(Sha256 Artifact, string Path, string FileName, string Format, LibrarySet Libraries = LibrarySet.All, bool IsTrial = false)
{
    /// <summary>As static reading says it should be loaded.</summary>
    public static TraceRequest Of(Sha256 artifact, string path, string fileName, StaticReport read) => new(artifact, path, fileName, read.Format, LibrarySets.Of(read));
}
