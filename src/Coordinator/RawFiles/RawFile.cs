using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.RawFiles;

/// <summary>A stored file as the hub gave it.</summary>
public sealed record RawFile(Sha256 Artifact)
{
    /// <summary>Says nothing but the hash: the name that the hub's user gave may lead out of the folder into which somebody unpacks.</summary>
    public string Name => $"{Artifact.Hex}.sample";
}
