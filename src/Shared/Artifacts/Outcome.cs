using System.Text.Json.Serialization;

namespace DynaHug.Shared.Artifacts;

/// <summary>
/// How the analysis of a file ended. Only <see cref="Analysed"/> and <see cref="NothingToExecute"/> can be benign;
/// everything else is unknown, with a reason beside it. Names in JSON are the kebab-case ones and stay.
/// </summary>
public enum Outcome
{
    /// <summary>Loaded in the sandbox to the end, trace complete.</summary>
    [JsonStringEnumMemberName("analysed")] Analysed,

    /// <summary>The format holds no program (safetensors, GGUF tensors): read statically, nothing to run.</summary>
    [JsonStringEnumMemberName("nothing-to-execute")] NothingToExecute,

    /// <summary>May hold a program, but no loader here can run it.</summary>
    [JsonStringEnumMemberName("unsupported")] Unsupported,

    /// <summary>Not readable as what it claims to be.</summary>
    [JsonStringEnumMemberName("corrupt")] Corrupt,

    /// <summary>The loader raised, or ended the load otherwise than by finishing it.</summary>
    [JsonStringEnumMemberName("load-failed")] LoadFailed,

    /// <summary>The wall clock of the sandbox ran out.</summary>
    [JsonStringEnumMemberName("timed-out")] TimedOut,

    /// <summary>Over the size that the options allow.</summary>
    [JsonStringEnumMemberName("too-large")] TooLarge,

    /// <summary>The hub does not give the bytes without the owner's consent.</summary>
    [JsonStringEnumMemberName("gated")] Gated,

    /// <summary>Our side failed (sandbox, store, hub) and retries are used up.</summary>
    [JsonStringEnumMemberName("error")] Error,

    /// <summary>The hub lists it under a path, or with a size or hash, that no honest file has; it is not fetched.</summary>
    [JsonStringEnumMemberName("unsafe-path")] UnsafePath,
}
