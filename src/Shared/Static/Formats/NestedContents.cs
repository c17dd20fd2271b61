using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Formats;

/// <summary>
/// Archives in archives: a member that is itself something to open – an archive, a model, a source, a configuration – is unpacked into memory
/// and read like a file. Depth, the size of a member and all bytes together are bounded; what lies past a bound is said to be unread.
/// </summary>
internal static class NestedContents
{
    private const int MaxDepth = 5;
    private const int MaxMemberBytes = 64 << 20;
    private const int TarMark = 257;
    private const int Sniffed = 512;

    private static readonly byte[][] Magics =
    [
        [.. "PK\x03\x04"u8], [0x1f, 0x8b], [.. "BZh"u8], [0xfd, .. "7zXZ"u8, 0], [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], [0x04, 0x22, 0x4d, 0x18],
        [0x28, 0xb5, 0x2f, 0xfd], [0x89, .. "HDF\r\n"u8, 0x1a, (byte)'\n'], [.. "GGUF"u8], NumpyFormat.Magic,
    ];

    private static readonly string[] Extensions =
        [".py", ".pyw", ".json", ".jinja", ".yaml", ".yml", ".pb", ".onnx", ".keras", ".h5", ".hdf5", ".gguf", ".pkl", ".pickle", ".joblib", ".pt", ".pth", ".bin", ".npy", ".npz"];

    /// <summary>Reads a member that the input stands at the start of, where it is one of those. The input is then somewhere behind its start.</summary>
    /// <param name="size">Bytes the archive says it has; null where it does not.</param>
    /// <param name="stored">The member where it lies in the archive as it is; null where it has to be unpacked.</param>
    /// <returns>False where the member is left to the caller, with the input still at its start.</returns>
    public static bool TryRead(FileInHand archive, string name, ByteReader input, long? size, FileInHand? stored = null)
    {
        var head = input.PeekUpTo(Sniffed);
        if (head.Length == 0 || !IsWorthReading(head, name))
        {
            return false;
        }

        if (size > MaxMemberBytes && head is [0x80, ..])
        {
            return false; // big pickles are read as a stream
        }

        if (archive.Depth >= MaxDepth || (size > MaxMemberBytes && stored is null))
        {
            var why = archive.Depth >= MaxDepth ? $"nested deeper than {MaxDepth}" : $"{size} bytes";
            archive.Tally.Find("unreadable", Severity.Unusual, "nested", Printable.Of($"{name} was not opened: {why}"));
            return true;
        }

        if (stored is not null)
        {
            StaticReader.Read(stored);
            return true;
        }

        var bytes = input.ReadUpTo((int)Math.Min(size ?? MaxMemberBytes, MaxMemberBytes));
        if (bytes.Length > 0)
        {
            StaticReader.Read(archive.Member(name, bytes));
        }

        return true;
    }

    private static bool IsWorthReading(ReadOnlySpan<byte> head, string name)
    {
        foreach (var magic in Magics)
        {
            if (head.StartsWith(magic))
            {
                return true;
            }
        }

        return (head.Length > TarMark + 5 && head.Slice(TarMark, 5).SequenceEqual("ustar"u8))
            || head is [0x80, <= 5, ..]
            || Extensions.Any(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
    }
}
