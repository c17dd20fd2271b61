namespace DynaHug.Coordinator.Learning.Features;

/// <summary>The features of the paper's main result: frequency of each call, then presence of each call (720 columns).</summary>
public sealed class PresenceFrequencySchema : IFeatureSchema
{
    private static readonly FrequencySchema Frequency = new();
    private static readonly PresenceSchema Presence = new();

    public string Id => "presence-frequency/1";

    public IReadOnlyList<string> Names { get; } = [.. Frequency.Names, .. Presence.Names];

    public double[] VectorOf(IReadOnlyDictionary<int, long> counts) => [.. Frequency.VectorOf(counts), .. Presence.VectorOf(counts)];
}
