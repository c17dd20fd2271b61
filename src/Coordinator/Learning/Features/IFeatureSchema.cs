namespace DynaHug.Coordinator.Learning.Features;

/// <summary>
/// A versioned way from the facts of a load to a feature vector. A released schema never changes: vectors are derived from stored facts
/// whenever a profile scores, so a change here would silently change what old profiles say. A new one is a class and a line in <see cref="FeatureSchemas"/>.
/// </summary>
public interface IFeatureSchema
{
    /// <summary><c>name/version</c>.</summary>
    string Id { get; }

    /// <summary>Feature names, one a column.</summary>
    IReadOnlyList<string> Names { get; }

    LoadFacts Needs => LoadFacts.None;

    /// <summary>Whether a column counts something and has to be scaled; the others are 0 or 1.</summary>
    bool IsCount(int column) => true;

    /// <summary>The vector of a load, as long as <see cref="Names"/>.</summary>
    /// <exception cref="ArgumentException">The load lacks facts that the schema needs.</exception>
    double[] VectorOf(Load load);

    /// <summary>This schema with the columns that these loads show, where they are learnt; else the schema itself.</summary>
    IFeatureSchema Learn(IReadOnlyList<Load> loads) => this;

    /// <summary>This schema with columns that were learnt before.</summary>
    /// <param name="names">Names that <see cref="Learn"/> gave, or null where the columns are fixed.</param>
    /// <exception cref="InvalidDataException">The names are not ones that this schema learns.</exception>
    IFeatureSchema WithNames(IReadOnlyList<string>? names) => names is null || names.SequenceEqual(Names)
        ? this
        : throw new InvalidDataException($"feature schema {Id} has fixed columns, the profile names {names.Count} others: the file is damaged");
}
