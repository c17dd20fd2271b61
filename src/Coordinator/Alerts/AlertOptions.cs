using System.ComponentModel.DataAnnotations;

namespace DynaHug.Coordinator.Alerts;

/// <summary>How many flags people look at, and how rare what they look for is.</summary>
public sealed class AlertOptions
{
    /// <summary>Flags that people look at a day.</summary>
    [Range(1, 10_000)]
    public int ADay { get; init; } = 20;

    /// <summary>Share of a hub's repos that are malicious; a survey of 705,000 models found 91.</summary>
    [Range(1e-9, 1)]
    public double BaseRate { get; init; } = 91 / 705_000.0;
}
