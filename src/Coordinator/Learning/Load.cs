using DynaHug.Coordinator.Learning.Features;
using DynaHug.Shared.Static;

namespace DynaHug.Coordinator.Learning;

/// <summary>What a detector sees of one load: facts, from which features are derived.</summary>
/// <param name="Id">What was loaded, in production the artifact's sha256; unique in a training set.</param>
/// <param name="Counts">x86-64 system call number → calls in the window of the load.</param>
/// <param name="Format">Content format, see <see cref="FileFormat"/>; empty where it is not known.</param>
/// <param name="Structure">What the counts scale with by nature; all zero where it is not known.</param>
public sealed record Load(string Id, IReadOnlyDictionary<int, long> Counts, string Format, FileStructure Structure)
{
    /// <summary>Fingerprint of the environment it was traced in, or null where the caller vouches for it.</summary>
    public string? Environment { get; init; }

    /// <summary>Of one of our own files (<see cref="References.ReferenceFiles"/>): it shows what its format is like, and says nothing of other formats.</summary>
    public bool IsReference { get; init; }

    /// <summary>Pickle opcode name → count, as static reading gives it; null where it was not read.</summary>
    public IReadOnlyDictionary<string, int>? Opcodes { get; init; }

    /// <summary>Which call follows which; null unless the stored events were read (<see cref="CallSequences.Of"/>).</summary>
    public CallSequences? Sequences { get; init; }
}
