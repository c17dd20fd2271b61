using System.Text.Json;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>A fitted detector. Immutable, safe for any thread.</summary>
public interface IFittedDetector
{
    /// <summary>What loads have to bring beside their counts to be scored.</summary>
    LoadFacts Needs => LoadFacts.None;

    /// <summary>Decision value; negative is an outlier. A guard against rounding is part of it.</summary>
    double Value(Load load);

    /// <summary>What sets the load apart from the most similar benign one, largest share first.</summary>
    IReadOnlyList<Contribution> Explain(Load load);

    /// <summary>Everything that <see cref="IDetector.Restore"/> needs.</summary>
    JsonElement State();
}
