using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static.Pickles;
using DynaHug.Shared.Static.Reading;
using Microsoft.Win32.SafeHandles;

namespace DynaHug.Shared.Static.Formats;

/// <summary>What one format's reader says of a file.</summary>
/// <param name="Outcome">Null where the file has to be traced.</param>
internal sealed record FormatReading(string Format, Outcome? Outcome = null, string Reason = "", int Members = 0)
{
    public static FormatReading Inert(string format, string reason, int members = 0) => new(format, Artifacts.Outcome.NothingToExecute, reason, members);

    public static FormatReading Unsupported(string format, string reason, int members = 0) => new(format, Artifacts.Outcome.Unsupported, reason, members);

    public static FormatReading Corrupt(string format, string reason, int members = 0) => new(format, Artifacts.Outcome.Corrupt, reason, members);
}

/// <summary>The file in hand: random access, its first bytes, and what its reading has gathered so far.</summary>
internal sealed class FileInHand(SafeFileHandle handle, long length, string name, StaticOptions options, CancellationToken cancel)
{
    private const int HeadSize = 4096;

    public long Length => length;

    /// <summary>The name it goes by; hostile, and never trusted for the format.</summary>
    public string Name => name;

    public StaticOptions Options => options;

    public CancellationToken Cancel => cancel;

    public ReadingBudget Budget { get; } = new(options);

    public PickleTally Tally { get; } = new(options);

    /// <summary>The first bytes, at most 4096.</summary>
    public byte[] Head { get; } = new ByteReader(new FileSlice(handle, 0, length)).ReadUpTo(HeadSize);

    public PickleScan Scan => field ??= new PickleScan(options, Budget, cancel);

    public bool StartsWith(ReadOnlySpan<byte> magic) => Head.AsSpan().StartsWith(magic);

    /// <summary>The file from an offset on, or part of it; an offset past the end gives an empty stream.</summary>
    public Stream Slice(long offset = 0, long? size = null)
    {
        var start = Math.Clamp(offset, 0, length);
        return new FileSlice(handle, start, Math.Clamp(size ?? long.MaxValue, 0, length - start));
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
