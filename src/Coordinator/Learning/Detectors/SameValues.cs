namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>Vectors are equal when all their values are.</summary>
internal sealed class SameValues : IEqualityComparer<double[]>
{
    public static readonly SameValues Instance = new();

    public bool Equals(double[]? x, double[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(double[] obj)
    {
        var hash = new HashCode();
        foreach (var value in obj)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }
}
