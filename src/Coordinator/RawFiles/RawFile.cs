using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.RawFiles;

/// <summary>A stored file as the hub gave it.</summary>
/// <param name="Place">Where its bytes lie.</param>
public sealed record RawFile(Sha256 Artifact, string Place)
{
    /// <summary>Says nothing but the hash: the name that the hub's user gave may lead out of the folder into which somebody unpacks.</summary>
    public string Name => $"{Artifact.Hex}.sample";
}
