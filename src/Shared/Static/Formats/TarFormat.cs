using System.Text;

namespace DynaHug.Shared.Static.Formats;

/// <summary>Tar archives (POSIX ustar and GNU), among them the oldest format of torch: members <c>pickle</c>, <c>storages</c>, <c>tensors</c>.</summary>
internal static class TarFormat
{
    private const int BlockSize = 512;

    public static bool IsTar(ReadOnlySpan<byte> head) => head.Length >= BlockSize && head.Slice(257, 5).SequenceEqual("ustar"u8);

    /// <param name="content">The archive, unfolded where it was packed.</param>
    /// <param name="format">Name of the format where it is a plain archive: of the wrapper, where there is one.</param>
    public static FormatReading Read(FileInHand file, Reading.ByteReader content, string format)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var members = 0;
        var header = new byte[BlockSize];
        while (members < file.Options.MaxMembers && content.TryRead(header) && header[0] != 0)
        {
            file.Cancel.ThrowIfCancellationRequested();
            if (SizeOf(header) is not { } size)
            {
                file.Tally.Find("unreadable", Severity.Unusual, "tar", $"no member header at byte {content.Position - BlockSize}");
                break;
            }

            members++;
            var name = Encoding.UTF8.GetString(header.AsSpan(0, 100)).Split('\0')[0];
            Inspect(file, names, name, header[156]);
            var end = content.Position + size;
            ReadContent(file, content, name, size);
            if (!content.TrySkip(Math.Max(0, end - content.Position) + Padding(size)))
            {
                break;
            }
        }

        return new FormatReading(names.Contains("pickle") && names.Contains("storages") ? FileFormat.TorchTar : format, Members: members);
    }

    private static void Inspect(FileInHand file, HashSet<string> names, string name, byte kind)
    {
        if (!names.Add(name) && kind is (byte)'0' or 0)
        {
            file.Tally.Find("duplicate-member", Severity.Unusual, name, Printable.Of($"two members are named {name}"));
        }

        if (name.StartsWith('/') || name.Split('/').Contains(".."))
        {
            file.Tally.Find("path-traversal", Severity.Unusual, "", Printable.Of($"a member is named {name}"));
        }

        if (kind is (byte)'1' or (byte)'2')
        {
            file.Tally.Find("link-member", Severity.Unusual, "", Printable.Of($"{name} is a link"));
        }
    }

    private static void ReadContent(FileInHand file, Reading.ByteReader content, string name, long size)
    {
        if (size > 0 && name.Split('/')[^1] is not ("pickle" or "storages" or "tensors" or "sys_info") && NestedContents.TryRead(file, name, content, size))
        {
            return;
        }

        if (name.Split('/')[^1] is "pickle" or "sys_info" || content.Peek() == 0x80)
        {
            file.Scan.TryOne(content, file.Tally);
        }
    }

    private static long Padding(long size) => (BlockSize - (size % BlockSize)) % BlockSize;

    private static long? SizeOf(ReadOnlySpan<byte> header)
    {
        var size = 0L;
        foreach (var digit in header.Slice(124, 12))
        {
            if (digit is 0 or (byte)' ')
            {
                continue;
            }

            if (digit is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            size = (size * 8) + digit - '0';
        }

        return size;
    }
}
