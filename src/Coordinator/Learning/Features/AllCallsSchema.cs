namespace DynaHug.Coordinator.Learning.Features;

/// <summary>
/// Frequencies of the list and one more column for the sum of all calls outside it, so that a call which the list does not know cannot
/// pass unseen.
/// </summary>
public sealed class AllCallsSchema : IFeatureSchema
{
    public string Id => "all-calls/1";

    public IReadOnlyList<string> Names { get; } = [.. SyscallList.Names, "other"];

    public double[] VectorOf(Load load)
    {
        var vector = new double[Names.Count];
        foreach (var (number, count) in load.Counts)
        {
            vector[SyscallList.ColumnOf(number) ?? Names.Count - 1] += count;
        }

        return vector;
    }
}
