namespace DynaHug.Coordinator.Learning.Features;

/// <summary>The columns of several schemas, one after another.</summary>
/// <param name="id">Id of the combination; the parts keep theirs.</param>
public sealed class CombinedSchema(string id, params IReadOnlyList<IFeatureSchema> parts) : IFeatureSchema
{
    public string Id => id;

    public IReadOnlyList<string> Names { get; } = [.. parts.SelectMany(part => part.Names)];

    public LoadFacts Needs => parts.Aggregate(LoadFacts.None, (needs, part) => needs | part.Needs);

    public bool IsCount(int column)
    {
        foreach (var part in parts)
        {
            if (column < part.Names.Count)
            {
                return part.IsCount(column);
            }

            column -= part.Names.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(column), column, $"schema {id} has {Names.Count} columns");
    }

    public double[] VectorOf(Load load) => [.. parts.SelectMany(part => part.VectorOf(load))];

    public IFeatureSchema Learn(IReadOnlyList<Load> loads) => new CombinedSchema(id, [.. parts.Select(part => part.Learn(loads))]);

    /// <summary>Parts with fixed columns take theirs, one part with learnt columns takes the rest.</summary>
    public IFeatureSchema WithNames(IReadOnlyList<string>? names)
    {
        var learnt = parts.Where(part => part is SequenceSchema).ToList();
        if (names is null || learnt.Count == 0)
        {
            return names is null && learnt.Count == 0 ? this : throw new InvalidDataException($"feature schema {id} and the profile's columns do not fit: the file is damaged");
        }

        var width = names.Count - parts.Sum(part => part is SequenceSchema ? 0 : part.Names.Count);
        if (learnt.Count > 1 || width < 1)
        {
            throw new InvalidDataException($"feature schema {id} cannot have {names.Count} columns: the file is damaged");
        }

        var place = 0;
        return new CombinedSchema(id, [.. parts.Select(part =>
        {
            var own = names.Skip(place).Take(part is SequenceSchema ? width : part.Names.Count).ToList();
            place += own.Count;
            return part.WithNames(own);
        })]);
    }
}
