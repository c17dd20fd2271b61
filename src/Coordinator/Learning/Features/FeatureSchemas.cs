namespace DynaHug.Coordinator.Learning.Features;

/// <summary>Every feature schema there is; profiles name theirs by id.</summary>
public static class FeatureSchemas
{
    public static readonly IFeatureSchema Presence = new PresenceSchema();
    public static readonly IFeatureSchema Frequency = new FrequencySchema();
    public static readonly IFeatureSchema AllCalls = new AllCallsSchema();
    public static readonly IFeatureSchema Opcodes = new OpcodeSchema();

    /// <summary>The features of the paper's main result: frequency of each call, then presence of each call (720 columns).</summary>
    public static readonly IFeatureSchema PresenceFrequency = new CombinedSchema("presence-frequency/1", Frequency, Presence);

    public static readonly IFeatureSchema PresenceFrequencySequence = new CombinedSchema("presence-frequency-sequence/1", Frequency, Presence, SequenceSchema.Calls());

    public static readonly IFeatureSchema PresenceFrequencyProcessSequence =
        new CombinedSchema("presence-frequency-process-sequence/1", Frequency, Presence, SequenceSchema.ProcessCalls());

    /// <summary>The paper's static and dynamic features together.</summary>
    public static readonly IFeatureSchema Hybrid = new CombinedSchema("hybrid/1", Frequency, Presence, Opcodes);

    public static IReadOnlyList<IFeatureSchema> All { get; } =
    [
        Presence, Frequency, PresenceFrequency, AllCalls, SequenceSchema.Calls(), SequenceSchema.ProcessCalls(), PresenceFrequencySequence,
        PresenceFrequencyProcessSequence, Opcodes, Hybrid,
    ];

    /// <exception cref="InvalidDataException">No schema has this id.</exception>
    public static IFeatureSchema Find(string id) =>
        All.FirstOrDefault(schema => schema.Id == id)
        ?? throw new InvalidDataException($"feature schema '{Shared.Printable.Of(id, 40)}' is not known: the profile was made by a newer version");
}
