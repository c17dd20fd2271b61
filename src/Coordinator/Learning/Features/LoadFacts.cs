namespace DynaHug.Coordinator.Learning.Features;

/// <summary>What a schema or detector needs of a <see cref="Load"/> beside its counts.</summary>
[Flags]
public enum LoadFacts
{
    None = 0,

    /// <summary><see cref="Load.Opcodes"/>: at hand with every analysis.</summary>
    Opcodes = 1,

    /// <summary><see cref="Load.Sequences"/>: made from the stored events, which has to be asked for.</summary>
    Sequences = 2,
}
