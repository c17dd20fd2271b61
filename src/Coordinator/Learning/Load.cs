using DynaHug.Shared.Static;

namespace DynaHug.Coordinator.Learning;

/// <summary>What a detector sees of one load: facts, from which features are derived.</summary>
/// <param name="Id">What was loaded, in production the artifact's sha256; unique in a training set.</param>
/// <param name="Counts">x86-64 system call number → calls in the window of the load.</param>
/// <param name="Format">Content format, see <see cref="FileFormat"/>; empty where it is not known.</param>
/// <param name="Structure">What the counts scale with by nature; all zero where it is not known.</param>
public sealed record Load(string Id, IReadOnlyDictionary<int, long> Counts, string Format, FileStructure Structure);
