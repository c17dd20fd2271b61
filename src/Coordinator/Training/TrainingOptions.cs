using System.ComponentModel.DataAnnotations;

namespace DynaHug.Coordinator.Training;

/// <summary>When profiles are fitted, on what, and when a candidate may score by itself.</summary>
public sealed class TrainingOptions
{
    /// <summary>Contents that one author's repos give a training set at most, so that no single account shapes what counts as normal.</summary>
    [Range(1, 100_000)]
    public int LoadsPerAuthor { get; init; } = 20;

    /// <summary>New loads after which a task cluster is fitted again; 0 waits for half as many as its newest profile was fitted on.</summary>
    [Range(0, 1_000_000)]
    public int RefitAfterLoads { get; init; }

    /// <summary>Hours after which a task cluster is fitted again if it has any new load; 0 for no schedule.</summary>
    [Range(0, 24 * 365)]
    public double RefitHours { get; init; }

    /// <summary>Benign files that get a payload and are loaded for each fit, to see that the profile finds them; 0 for none.</summary>
    [Range(0, 1_000)]
    public int InjectedLoads { get; init; } = 12;

    /// <summary>Whether formats that a training set lacks are learned from our own files.</summary>
    public bool References { get; init; } = true;

    /// <summary>Whether a candidate within the bounds below scores without being asked for.</summary>
    public bool ActivateBySelf { get; init; } = true;

    /// <summary>Share of the stored traces that a candidate may newly flag or clear by itself.</summary>
    [Range(0, 1)]
    public double LargestChange { get; init; } = 0.02;

    /// <summary>Traces that it may newly flag or clear however few are stored.</summary>
    [Range(0, 1_000_000)]
    public int SmallestBound { get; init; } = 3;
}
