using System.Buffers.Binary;
using System.Text;

namespace DynaHug.Shared.Static.Formats;

/// <summary>One entry of a zip's central directory.</summary>
/// <param name="Offset">Of the local header, from the start of the file.</param>
internal sealed record ZipMember(string Name, int Method, bool Encrypted, long PackedSize, long Size, long Offset);

/// <summary>
/// The central directory of a zip, read as Python's zipfile and torch do: from the end, zip64 included. Our own reading, because what is wrong with
/// a zip (duplicate, overlapping or contradicting members, bytes in front) is what we want to know, and libraries repair or refuse it.
/// Source: PKWARE APPNOTE 6.3.
/// </summary>
/// <param name="Prefix">Bytes in front of the archive.</param>
/// <param name="Complete">False where there are more members than are looked at, or the directory breaks off.</param>
/// <param name="Declared">How many members the end record declares.</param>
internal sealed record ZipDirectory(IReadOnlyList<ZipMember> Members, long Prefix, bool Complete, long Declared)
{
    private const int EndSize = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int MaxDirectoryBytes = 64 << 20;

    /// <returns>Null where the file holds no zip.</returns>
    public static ZipDirectory? Find(FileInHand file)
    {
        var tailSize = (int)Math.Min(file.Length, EndSize + LongestComment + 20);
        var tail = file.Reader(file.Length - tailSize).ReadUpTo(tailSize);
        for (var at = tail.Length - EndSize; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) == 0x06054b50
                && at + EndSize + BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 20)) <= tail.Length
                && Read(file, tail.AsSpan(at, EndSize), file.Length - tailSize + at) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static ZipDirectory? Read(FileInHand file, ReadOnlySpan<byte> end, long endOffset)
    {
        long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        var directoryEnd = endOffset;
        if (ReadZip64(file, endOffset) is { } large)
        {
            (count, size, offset, directoryEnd) = large;
        }

        var start = directoryEnd - size;
        if (size < 0 || start < 0 || (count > 0 && size < 46) || offset > start)
        {
            return null;
        }

        var prefix = start - offset;
        var bytes = file.Reader(start, Math.Min(size, MaxDirectoryBytes)).ReadUpTo((int)Math.Min(size, MaxDirectoryBytes));
        var members = new List<ZipMember>();
        var at = 0;
        while (members.Count < file.Options.MaxMembers && at + 46 <= bytes.Length && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) == 0x02014b50)
        {
            var entry = bytes.AsSpan(at);
            int nameSize = BinaryPrimitives.ReadUInt16LittleEndian(entry[28..]);
            int extraSize = BinaryPrimitives.ReadUInt16LittleEndian(entry[30..]);
            int commentSize = BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]);
            if (46 + nameSize + extraSize > entry.Length)
            {
                break;
            }

            members.Add(MemberOf(entry, nameSize, extraSize, prefix));
            at += 46 + nameSize + extraSize + commentSize;
        }

        return count > 0 && members.Count == 0 ? null : new ZipDirectory(members, prefix, members.Count == count && at == size, count);
    }

    private static ZipMember MemberOf(ReadOnlySpan<byte> entry, int nameSize, int extraSize, long prefix)
    {
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(entry[42..]);
        var extra = entry.Slice(46 + nameSize, extraSize);
        while (extra.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (4 + length > extra.Length)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                var fields = extra.Slice(4, length);
                size = Widened(size, ref fields);
                packed = Widened(packed, ref fields);
                offset = Widened(offset, ref fields);
            }

            extra = extra[(4 + length)..];
        }

        return new ZipMember(
            Encoding.UTF8.GetString(entry.Slice(46, nameSize)),
            BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]),
            (entry[8] & 1) != 0,
            packed,
            size,
            Saturated(offset, prefix));
    }

    private static long Saturated(long offset, long prefix) => offset > long.MaxValue - prefix ? long.MaxValue : offset + prefix;

    /// <summary>A field whose 32 bits are all set stands in the zip64 extra instead.</summary>
    private static long Widened(long field, ref ReadOnlySpan<byte> fields)
    {
        if (field != uint.MaxValue || fields.Length < 8)
        {
            return field;
        }

        var wide = BinaryPrimitives.ReadUInt64LittleEndian(fields);
        fields = fields[8..];
        return (long)Math.Min(wide, long.MaxValue);
    }

    private static (long Count, long Size, long Offset, long End)? ReadZip64(FileInHand file, long endOffset)
    {
        var locator = file.Reader(endOffset - 20, 20).ReadUpTo(20);
        if (endOffset < 20 || locator.Length < 20 || BinaryPrimitives.ReadUInt32LittleEndian(locator) != 0x07064b50)
        {
            return null;
        }

        // As Python does: the record stands right in front of its locator; where the locator points is not asked.
        var at = endOffset - 20 - 56;
        var record = at < 0 ? [] : file.Reader(at, 56).ReadUpTo(56);
        if (record.Length < 56 || BinaryPrimitives.ReadUInt32LittleEndian(record) != 0x06064b50)
        {
            return null;
        }

        return ((long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(32)), long.MaxValue),
            (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(40)), long.MaxValue),
            (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(48)), long.MaxValue),
            at);
    }
}
