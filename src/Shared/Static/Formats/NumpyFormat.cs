using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Formats;

/// <summary>
/// numpy's .npy: magic, a Python literal with dtype and shape, then numbers, or a pickle where the dtype holds objects.
/// Source: numpy/lib/format.py.
/// </summary>
internal static partial class NumpyFormat
{
    private const int LongestHeader = 1 << 16;

    public static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    /// <param name="HoldsObjects">Whether a pickle follows, or the header leaves that open.</param>
    /// <param name="Exact">Whether the file ends exactly where the numbers do.</param>
    public sealed record Array(bool HoldsObjects, bool Exact);

    public static FormatReading Read(FileInHand file)
    {
        var array = ReadArray(file.Reader(), file);
        return array is { HoldsObjects: false, Exact: true }
            ? FormatReading.Inert(FileFormat.Numpy, "an array of plain numbers")
            : new FormatReading(FileFormat.Numpy);
    }

    /// <summary>Reads header and, for objects, the pickle behind it. A header that is not plainly one of numbers counts as holding objects.</summary>
    public static Array ReadArray(ByteReader input, FileInHand file)
    {
        var start = input.ReadUpTo(8);
        var sizeWidth = start.Length == 8 && start[6] >= 2 ? 4 : 2;
        Span<byte> size = stackalloc byte[4];
        size.Clear();
        if (start.Length < 8 || !start.AsSpan().StartsWith(Magic) || !input.TryRead(size[..sizeWidth]))
        {
            return new Array(HoldsObjects: true, Exact: false);
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > LongestHeader)
        {
            file.Tally.Find("unreadable", Severity.Unusual, "numpy-header", $"the array's header has {length} bytes");
            return new Array(HoldsObjects: true, Exact: false);
        }

        var header = Encoding.Latin1.GetString(input.ReadUpTo((int)length));
        var plain = PlainHeader().Match(header);
        if (plain.Success && BytesOf(plain) is { } bytes)
        {
            var whole = input.TrySkip(bytes);
            if (whole && !input.AtEnd)
            {
                file.Tally.Find("data-after-end", Severity.Unusual, "numpy", "bytes follow the end of the array");
            }

            return new Array(HoldsObjects: false, Exact: whole && input.AtEnd);
        }

        if (header.Contains("'descr': '|O'", StringComparison.Ordinal) || input.Peek() == 0x80)
        {
            file.Scan.ReadAll(input, file.Tally);
        }

        return new Array(HoldsObjects: true, Exact: false);
    }

    private static long? BytesOf(Match header)
    {
        var code = header.Groups["code"].Value;
        UInt128 bytes = code is "b" or "?" && header.Groups["size"].Length == 0
            ? 1
            : ulong.TryParse(header.Groups["size"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var item) ? item * (code == "U" ? 4UL : 1UL) : 0;
        foreach (var side in header.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!ulong.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || (bytes *= length) > long.MaxValue)
            {
                return null;
            }
        }

        return (long)bytes;
    }

    /// <summary>The header exactly as numpy writes it, of numbers, texts and bytes of fixed size.</summary>
    [GeneratedRegex(@"^\{'descr': '[<>|=](?<code>[biufcSU?])(?<size>\d{1,9})', 'fortran_order': (True|False), 'shape': \((?<shape>[\d, ]*)\), \}\s*$", RegexOptions.NonBacktracking)]
    private static partial Regex PlainHeader();
}
