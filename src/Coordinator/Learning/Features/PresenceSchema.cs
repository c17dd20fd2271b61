namespace DynaHug.Coordinator.Learning.Features;

/// <summary>The paper's presence features: whether each call of the list was made at all (1) or not (0).</summary>
public sealed class PresenceSchema : IFeatureSchema
{
    private static readonly FrequencySchema Frequency = new();

    public string Id => "presence/1";

    public IReadOnlyList<string> Names { get; } = [.. SyscallList.Names.Select(name => $"{name}?")];

    public bool IsCount(int column) => false;

    public double[] VectorOf(Load load) => Array.ConvertAll(Frequency.VectorOf(load), count => count > 0 ? 1.0 : 0.0);
}
