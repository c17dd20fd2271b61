using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static.Pickles;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Formats;

/// <summary>What one format's reader says of a file.</summary>
/// <param name="Outcome">Null where the file has to be traced.</param>
internal sealed record FormatReading(string Format, Outcome? Outcome = null, string Reason = "", int Members = 0)
{
    public static FormatReading Inert(string format, string reason, int members = 0) => new(format, Artifacts.Outcome.NothingToExecute, reason, members);

    public static FormatReading Unsupported(string format, string reason, int members = 0) => new(format, Artifacts.Outcome.Unsupported, reason, members);

    public static FormatReading Corrupt(string format, string reason, int members = 0) => new(format, Artifacts.Outcome.Corrupt, reason, members);
}

/// <summary>The file in hand, or a member of it: random access, its first bytes, and what the reading of the whole file has gathered so far.</summary>
/// <param name="outer">The archive that this is a member of; null for the file itself.</param>
internal sealed class FileInHand(Content content, string name, StaticOptions options, CancellationToken cancel, FileInHand? outer = null)
{
    private const int HeadSize = 4096;

    private readonly long length = content.Length;

    public long Length => length;

    /// <summary>The name it goes by; hostile, and never trusted for the format.</summary>
    public string Name => name;

    public StaticOptions Options => options;

    public CancellationToken Cancel => cancel;

    /// <summary>How many archives this was taken out of.</summary>
    public int Depth { get; } = outer is null ? 0 : outer.Depth + 1;

    public ReadingBudget Budget { get; } = outer?.Budget ?? new(options);

    public PickleTally Tally { get; } = outer?.Tally ?? new(options);

    /// <summary>The first bytes, at most 4096.</summary>
    public byte[] Head { get; } = new ByteReader(content.Slice(0, content.Length)).ReadUpTo(HeadSize);

    public PickleScan Scan => field ??= new PickleScan(options, Budget, cancel);

    public bool StartsWith(ReadOnlySpan<byte> magic) => Head.AsSpan().StartsWith(magic);

    /// <summary>The file from an offset on, or part of it; an offset past the end gives an empty stream.</summary>
    public Stream Slice(long offset = 0, long? size = null)
    {
        var start = Math.Clamp(offset, 0, length);
        return content.Slice(start, Math.Clamp(size ?? long.MaxValue, 0, length - start));
    }

    /// <summary>A member of this archive, unpacked, as a file of its own that shares budget and findings.</summary>
    public FileInHand Member(string memberName, byte[] bytes) => new(new BytesContent(bytes), memberName, options, cancel, this);

    /// <summary>A member that is stored as it is: read where it lies, however big.</summary>
    public FileInHand Member(string memberName, long start, long size)
    {
        var from = Math.Clamp(start, 0, length);
        return new(new PartOfContent(content, from, Math.Clamp(size, 0, length - from)), memberName, options, cancel, this);
    }

    public ByteReader Reader(long offset = 0, long? size = null) => new(Slice(offset, size));

    /// <summary>Whether the name ends like that; only ever used to word a reason or to tell damage from strangeness.</summary>
    public bool IsNamed(params ReadOnlySpan<string> extensions)
    {
        foreach (var extension in extensions)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
