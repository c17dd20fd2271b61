using System.Buffers.Binary;
using System.Text;

namespace DynaHug.Crawler.Sparse;

/// <summary>One member of a zip that torch wrote.</summary>
/// <param name="Offset">Of the local header.</param>
/// <param name="End">Where the next member, or the directory, starts.</param>
/// <param name="Flags">General purpose bits of the directory's entry.</param>
internal sealed record StrictMember(string Name, long Offset, long End, long Size, int Flags)
{
    private const int DescriptorBit = 8;
    private const int Alignment = 64;

    private int NameBytes { get; } = Encoding.UTF8.GetByteCount(Name);

    /// <summary>
    /// Where the content starts. The local header is not read for it: torch aligns contents to 64 bytes by padding the header, and puts a
    /// descriptor of 16 or, for large members, 24 bytes behind them, so the gaps leave one answer or the zip is an odd one.
    /// </summary>
    /// <exception cref="NotUnderstoodException">The gaps fit to nothing that torch writes.</exception>
    public long DataStart
    {
        get
        {
            var slack = End - Offset - 30 - NameBytes - Size;
            foreach (var descriptor in (ReadOnlySpan<int>)((Flags & DescriptorBit) != 0 ? [16, 24, 0] : [0]))
            {
                var extra = slack - descriptor;
                var start = Offset + 30 + NameBytes + extra;
                if (extra is >= 4 and <= ushort.MaxValue && start % Alignment == 0)
                {
                    return start;
                }
            }

            throw new NotUnderstoodException($"member {Shared.Printable.Of(Name, 80)} does not lie as torch lays members");
        }
    }

    /// <summary>The local header as its reader needs it: where the name and the padding end. The padding itself is a hole.</summary>
    public byte[] LocalHeader()
    {
        var header = new byte[30 + NameBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034b50);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), (ushort)Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(26), (ushort)NameBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(28), (ushort)(DataStart - Offset - header.Length));
        Encoding.UTF8.GetBytes(Name, header.AsSpan(30));
        return header;
    }

    /// <summary>Whether a local header that was read says the same as the directory.</summary>
    public bool Confirms(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header) == 0x04034b50
        && BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) == Flags
        && BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) == 0
        && BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) == NameBytes
        && Offset + 30 + NameBytes + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]) == DataStart
        && Encoding.UTF8.GetString(header.Slice(30, NameBytes)) == Name;
}

/// <summary>
/// The directory of a zip of which every reader sees the same: members that tile the file from its first byte, uncompressed and not encrypted,
/// with names that differ also where case does not count, and end records that agree and end the file. Everything else is refused, where
/// the static reader of Shared/Static would report it. Source: PKWARE APPNOTE 6.3; caffe2/serialize/inline_container.cc.
/// </summary>
internal static class StrictZip
{
    private const int EndSize = 22;
    private const int LocatorSize = 20;
    private const int RecordSize = 56;
    private const int MaxMembers = 200_000;
    private const long MaxDirectoryBytes = 32 << 20;

    /// <exception cref="NotUnderstoodException">No zip, or an odd one.</exception>
    /// <exception cref="RangesRefusedException">Parts of the file cannot be had.</exception>
    public static async Task<IReadOnlyList<StrictMember>> ReadAsync(ReadParts file, int tailSize, CancellationToken cancel)
    {
        var tailStart = Math.Max(0, file.Size - tailSize);
        var tail = await file.ReadAsync(tailStart, file.Size - tailStart, cancel);
        var (start, size, count) = ReadEnd(tail, file.Size);
        var directory = await file.ReadAsync(start, size, cancel);
        return ReadMembers(directory, start, count);
    }

    private static (long Start, long Size, long Count) ReadEnd(ReadOnlySpan<byte> tail, long fileSize)
    {
        if (tail.Length < EndSize || Read32(tail, tail.Length - EndSize) != 0x06054b50 || Read16(tail, tail.Length - 2) != 0)
        {
            throw Odd("no zip that ends with its end record");
        }

        var end = tail[^EndSize..];
        Require(Read32(end, 4) == 0, "more than one disk");
        (long count, long size, long start) = (Read16(end, 10), Read32(end, 12), Read32(end, 16));
        Require(Read16(end, 8) == count, "two counts of members");
        var directoryEnd = fileSize - EndSize;
        var before = tail[..^EndSize];
        if (before.Length >= LocatorSize + RecordSize && Read32(before, before.Length - LocatorSize) == 0x07064b50)
        {
            var locator = before[^LocatorSize..];
            var record = before[..^LocatorSize][^RecordSize..];
            directoryEnd -= LocatorSize + RecordSize;
            Require(Read32(record, 0) == 0x06064b50 && Read64(record, 4) == RecordSize - 12, "no zip64 record in front of its locator");
            Require(Read64(locator, 8) == directoryEnd && Read32(locator, 4) == 0 && Read32(locator, 16) == 1, "the zip64 locator points elsewhere");
            Require(Read64(record, 16) == 0 && Read64(record, 24) == Read64(record, 32), "two counts of members");
            Require(Agrees(count, ushort.MaxValue, Read64(record, 32)), "the end records disagree");
            Require(Agrees(size, uint.MaxValue, Read64(record, 40)) && Agrees(start, uint.MaxValue, Read64(record, 48)), "the end records disagree");
            (count, size, start) = (Read64(record, 32), Read64(record, 40), Read64(record, 48));
        }
        else
        {
            Require(count < ushort.MaxValue && size < uint.MaxValue && start < uint.MaxValue, "the zip64 record is missing");
        }

        Require(count is > 0 and <= MaxMembers && size is > 0 and <= MaxDirectoryBytes && start > 0 && start == directoryEnd - size, "the directory does not end where its end records begin");
        return (start, size, count);
    }

    private static List<StrictMember> ReadMembers(ReadOnlySpan<byte> directory, long directoryStart, long count)
    {
        var members = new List<StrictMember>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var at = 0;
        while (at < directory.Length)
        {
            Require(directory.Length - at >= 46 && Read32(directory, at) == 0x02014b50, "the directory breaks off");
            var entry = directory[at..];
            var (nameSize, extraSize, commentSize) = (Read16(entry, 28), Read16(entry, 30), Read16(entry, 32));
            Require(46 + nameSize + extraSize <= entry.Length && commentSize == 0, "the directory breaks off, or has comments");
            Require((Read16(entry, 8) & ~0x808) == 0 && Read16(entry, 10) == 0, "members are packed or encrypted");
            Require(Read16(entry, 34) == 0, "more than one disk");
            var name = NameOf(entry.Slice(46, nameSize));
            Require(names.Add(name), "two members have one name");
            var (packed, size, offset) = SizesOf(entry, entry.Slice(46 + nameSize, extraSize));
            Require(packed == size && size >= 0, "a member has two sizes");
            members.Add(new StrictMember(name, offset, 0, size, Read16(entry, 8)));
            at += 46 + nameSize + extraSize;
        }

        Require(members.Count == count, "the directory has other members than its end record counts");
        return Tiled(members, directoryStart);
    }

    /// <summary>Gives each member its end: members follow each other without gap or overlap, in the order of the directory.</summary>
    private static List<StrictMember> Tiled(List<StrictMember> members, long directoryStart)
    {
        for (var i = 0; i < members.Count; i++)
        {
            var end = i + 1 < members.Count ? members[i + 1].Offset : directoryStart;
            Require(members[i].Offset >= (i == 0 ? 0 : members[i - 1].Offset) && members[i].Offset < end, "members do not follow each other");
            members[i] = members[i] with { End = end };
        }

        Require(members[0].Offset == 0, "something stands in front of the zip");
        return members;
    }

    private static string NameOf(ReadOnlySpan<byte> bytes)
    {
        foreach (var letter in bytes)
        {
            Require(letter is > 0x20 and < 0x7f and not (byte)'\\', "a member has an odd name");
        }

        return Encoding.ASCII.GetString(bytes);
    }

    private static (long Packed, long Size, long Offset) SizesOf(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> extra)
    {
        (long packed, long size, long offset) = (Read32(entry, 20), Read32(entry, 24), Read32(entry, 42));
        if (extra.Length > 0)
        {
            Require(extra.Length >= 4 && Read16(extra, 0) == 1 && Read16(extra, 2) == extra.Length - 4, "a member has extra fields beside its sizes");
            var fields = extra[4..];
            size = Widened(size, ref fields);
            packed = Widened(packed, ref fields);
            offset = Widened(offset, ref fields);
            Require(fields.Length == 0, "a member has extra fields beside its sizes");
        }

        Require(packed != uint.MaxValue && offset != uint.MaxValue, "a member lacks its sizes");
        return (packed, size, offset);
    }

    private static long Widened(long field, ref ReadOnlySpan<byte> fields)
    {
        if (field != uint.MaxValue)
        {
            return field;
        }

        Require(fields.Length >= 8, "a member lacks its sizes");
        var wide = Read64(fields, 0);
        Require(wide >= 0, "a member is impossibly large");
        fields = fields[8..];
        return wide;
    }

    private static bool Agrees(long narrow, long unset, long wide) => narrow == unset || narrow == wide;

    private static int Read16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint Read32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Read64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw Odd(otherwise);
        }
    }

    private static NotUnderstoodException Odd(string what) => new(what);
}
