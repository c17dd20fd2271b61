namespace DynaHug.Coordinator.Learning.Features;

/// <summary>Every feature schema there is; profiles name theirs by id.</summary>
public static class FeatureSchemas
{
    public static readonly IFeatureSchema Presence = new PresenceSchema();
    public static readonly IFeatureSchema Frequency = new FrequencySchema();
    public static readonly IFeatureSchema PresenceFrequency = new PresenceFrequencySchema();
    public static readonly IFeatureSchema AllCalls = new AllCallsSchema();

    public static IReadOnlyList<IFeatureSchema> All { get; } = [Presence, Frequency, PresenceFrequency, AllCalls];

    /// <exception cref="InvalidDataException">No schema has this id.</exception>
    public static IFeatureSchema Find(string id) =>
        All.FirstOrDefault(schema => schema.Id == id)
        ?? throw new InvalidDataException($"feature schema '{Shared.Printable.Of(id, 40)}' is not known: the profile was made by a newer version");
}
