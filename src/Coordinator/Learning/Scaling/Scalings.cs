namespace DynaHug.Coordinator.Learning.Scaling;

/// <summary>Ways to scale columns, by name. A fitted detector keeps the offsets and scales, not the way.</summary>
public sealed record Scalings(string Name, Func<IReadOnlyList<double[]>, Func<int, bool>, ColumnScaling> Fit)
{
    /// <summary>Units of a call in a stable column, and deviations that count as far in the others (facts on the published data, recipe C).</summary>
    private const double TrimmedFloor = 0.1;
    private const double TrimmedMultiplier = 3;

    public static readonly Scalings StandardDeviation = new("standard-deviation", ColumnScaling.StandardDeviation);
    public static readonly Scalings Trimmed = new("trimmed", (rows, _) => ColumnScaling.Trimmed(rows, TrimmedFloor, TrimmedMultiplier));
    public static readonly Scalings Quartiles = new("quartiles", ColumnScaling.Quartiles);

    public static IReadOnlyList<Scalings> All { get; } = [StandardDeviation, Trimmed, Quartiles];
}
