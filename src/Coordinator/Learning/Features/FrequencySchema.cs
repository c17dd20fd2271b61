namespace DynaHug.Coordinator.Learning.Features;

/// <summary>The paper's frequency features: how often each call of the list was made. Calls outside the list are not seen.</summary>
public sealed class FrequencySchema : IFeatureSchema
{
    public string Id => "frequency/1";

    public IReadOnlyList<string> Names => SyscallList.Names;

    public double[] VectorOf(Load load)
    {
        var vector = new double[Names.Count];
        foreach (var (number, count) in load.Counts)
        {
            if (SyscallList.ColumnOf(number) is { } column)
            {
                vector[column] = count;
            }
        }

        return vector;
    }
}
