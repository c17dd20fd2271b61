using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Shared.Static;

namespace DynaHug.Coordinator.Evaluation.Live;

/// <summary>A load of our own sandbox as the study keeps it: one JSON object a line.</summary>
/// <param name="Origin">Which file it was, for people.</param>
/// <param name="Group">Seed of the sample hub: files of one seed are never on both sides of a study. <see cref="References"/> for our own reference files.</param>
/// <param name="TaskCluster">Pipeline tag of the sample repo.</param>
/// <param name="Injected">Mode and payload that was put into a benign file; empty for a benign one.</param>
/// <param name="Pairs">(call, next, times).</param>
/// <param name="ProcessPairs">(process, call, next, times).</param>
internal sealed record LiveLoad(
    string Id,
    string Origin,
    int Group,
    string TaskCluster,
    string Injected,
    string Environment,
    string Format,
    FileStructure Structure,
    IReadOnlyDictionary<int, long> Counts,
    IReadOnlyDictionary<string, int> Opcodes,
    IReadOnlyList<long[]> Pairs,
    IReadOnlyList<long[]> ProcessPairs)
{
    public const int References = 0;

    public bool IsBenign => Injected.Length == 0;

    /// <summary>What a detector sees.</summary>
    public Load ToLoad() => new(Id, Counts, Format, Structure)
    {
        Environment = Environment,
        Opcodes = Opcodes,
        Sequences = new CallSequences(
            Pairs.ToDictionary(pair => ((int)pair[0], (int)pair[1]), pair => pair[2]),
            ProcessPairs.ToDictionary(pair => ((int)pair[0], (int)pair[1], (int)pair[2]), pair => pair[3])),
    };
}
