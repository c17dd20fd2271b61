using System.ComponentModel.DataAnnotations;

namespace DynaHug.Shared.Static;

/// <summary>
/// Bounds of static reading. What lies past a bound is left out and said so in an <c>unreadable</c> finding; no bound turns a file
/// that has to be traced into one that has not.
/// </summary>
public sealed class StaticOptions
{
    /// <summary>Pickle opcodes read of one file, over all its streams and attempts; 20 million take a few seconds.</summary>
    [Range(1_000, 1_000_000_000)]
    public int MaxOpcodes { get; init; } = 20_000_000;

    /// <summary>Values the symbolic machine keeps in stack and memo together; past it the opcodes are only counted. About 100 bytes each.</summary>
    [Range(1_000, 100_000_000)]
    public int MaxValues { get; init; } = 4_000_000;

    /// <summary>Bytes that compressed contents may unfold to in one file, over all members.</summary>
    [Range(1 << 16, 1L << 36)]
    public long MaxInflatedBytes { get; init; } = 256L << 20;

    /// <summary>Archive members looked at.</summary>
    [Range(16, 1_000_000)]
    public int MaxMembers { get; init; } = 50_000;

    /// <summary>Bytes searched for another pickle behind the end of a stream or the place where it breaks.</summary>
    [Range(1 << 10, 1 << 26)]
    public int MaxSearchBytes { get; init; } = 1 << 20;

    /// <summary>Pickles within pickles (bytes given to a loader, joblib's object arrays) followed this deep.</summary>
    [Range(1, 16)]
    public int MaxNesting { get; init; } = 4;

    /// <summary>Distinct globals listed in a report.</summary>
    [Range(16, 100_000)]
    public int MaxGlobals { get; init; } = 512;

    /// <summary>Findings listed in a report, dangerous ones first.</summary>
    [Range(8, 10_000)]
    public int MaxFindings { get; init; } = 64;
}
