namespace DynaHug.Coordinator.Learning.Features;

/// <summary>
/// A versioned way from system call counts to a feature vector. A released schema never changes: vectors are derived from stored counts
/// whenever a profile scores, so a change here would silently change what old profiles say. A new one is a class and a line in <see cref="FeatureSchemas"/>.
/// </summary>
public interface IFeatureSchema
{
    /// <summary><c>name/version</c>.</summary>
    string Id { get; }

    /// <summary>Feature names, one a column.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The vector of a load, as long as <see cref="Names"/>.</summary>
    double[] VectorOf(IReadOnlyDictionary<int, long> counts);
}
