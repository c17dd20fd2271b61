using System.ComponentModel.DataAnnotations;

namespace DynaHug.Coordinator.Learning;

/// <summary>How profiles are fitted. Everything here is about benign loads; no malicious one takes part.</summary>
public sealed class FitOptions
{
    /// <summary>With fewer loads nothing is fitted: the cluster falls back to the not-clustered profile.</summary>
    [Range(5, 1_000_000)]
    public int MinimumLoads { get; init; } = 20;

    /// <summary>Folds of the cross-validation that chooses hyperparameters and calibrates the score.</summary>
    [Range(2, 20)]
    public int Folds { get; init; } = 5;

    /// <summary>Seed of everything that is drawn: folds, forests, landmarks. The same loads give the same profile.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>CPU budget: folds fitted at a time. By default half of the processors, so that scanning goes on beside a fit.</summary>
    [Range(1, 1024)]
    public int Processors { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);
}
