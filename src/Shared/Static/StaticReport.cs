using System.Text.Json.Serialization;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Shared.Static;

/// <summary>How much a static finding speaks for malice by itself.</summary>
public enum Severity
{
    /// <summary>Worth showing, says nothing.</summary>
    [JsonStringEnumMemberName("info")] Info,

    /// <summary>Unusual in model files: a callable outside the allow-list, data after the end.</summary>
    [JsonStringEnumMemberName("unusual")] Unusual,

    /// <summary>Names a call that runs programs, opens the network, or executes text.</summary>
    [JsonStringEnumMemberName("dangerous")] Dangerous,
}

/// <summary>One finding of static reading.</summary>
/// <param name="Id">Kebab-case id, for instance <c>dangerous-global</c>.</param>
/// <param name="Evidence">What was read: <c>posix.system("…")</c>; bounded and printable.</param>
public sealed record StaticFinding(string Id, Severity Severity, string Evidence);

/// <summary>
/// What the counts of a load scale with by nature: facts of the file's structure, never of its behaviour.
/// Learning models these away, so that a bigger or smaller model than any seen is no outlier for its size alone.
/// </summary>
/// <param name="Bytes">File size.</param>
/// <param name="Members">Archive members (0 outside archives).</param>
/// <param name="Pickles">Pickle streams read.</param>
/// <param name="Opcodes">Pickle opcodes over all streams.</param>
/// <param name="Storages">Tensor storages (persistent ids) referred to.</param>
public sealed record FileStructure(long Bytes, int Members = 0, int Pickles = 0, int Opcodes = 0, int Storages = 0);

/// <summary>What reading a file without running it says. Nothing in here was executed.</summary>
/// <param name="Format">Content format by magic and structure, never by extension: <c>torch-zip</c>, <c>pickle</c>, <c>safetensors</c>, …; see <see cref="FileFormat"/>.</param>
/// <param name="Outcome">Null where the file has to be traced; else why it is not (nothing to execute, unsupported, corrupt).</param>
/// <param name="Reason">The outcome in words; empty where there is none.</param>
/// <param name="Globals">Distinct <c>module.name</c> that the pickles refer to, sorted, capped.</param>
/// <param name="OpcodeCounts">Pickle opcode name → count, over all streams.</param>
public sealed record StaticReport(
    string Format,
    Outcome? Outcome,
    string Reason,
    IReadOnlyList<string> Globals,
    IReadOnlyList<StaticFinding> Findings,
    IReadOnlyDictionary<string, int> OpcodeCounts,
    FileStructure Structure);
