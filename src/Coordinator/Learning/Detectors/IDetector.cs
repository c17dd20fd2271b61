using System.Text.Json;
using DynaHug.Coordinator.Learning.Features;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>
/// A way to learn from benign loads what is benign, with its hyperparameters. A new one is a class and a line in <see cref="DetectorCatalogue"/>.
/// </summary>
public interface IDetector
{
    /// <summary>Kebab-case name in profiles, reports and tables; the same for all hyperparameters.</summary>
    string Name { get; }

    /// <summary>Name → value, for people: what of the detector was chosen, not learnt.</summary>
    IReadOnlyDictionary<string, string> Hyperparameters { get; }

    /// <summary>What loads have to bring beside their counts.</summary>
    LoadFacts Needs => LoadFacts.None;

    /// <summary>Fits on benign loads, at least one; the result depends on nothing but them, their order and the seed.</summary>
    /// <exception cref="ArgumentException">The loads lack facts, or all of them come down to one row of weight one.</exception>
    IFittedDetector Fit(IReadOnlyList<Load> loads, int seed, CancellationToken cancel);

    /// <summary>The fitted detector whose <see cref="IFittedDetector.State"/> this is.</summary>
    /// <exception cref="InvalidDataException">The state is not one that this detector writes.</exception>
    IFittedDetector Restore(JsonElement state);
}
