using System.Buffers.Binary;

namespace DynaHug.Shared.Static.Formats;

/// <summary>
/// HDF5: weights of Keras, tables of pandas and PyTables. Only the superblock is parsed. Attributes, where a program can hide, are stored plainly and in one
/// piece (HDF5 File Format Specification 3.0, IV.A.2.m and III.E), so their texts are searched for: Keras' <c>model_config</c>, and the pickles that PyTables
/// makes of attributes and object arrays and loads again.
/// </summary>
internal static class Hdf5Format
{
    private const long SearchedBytes = 4L << 30;
    private const int WindowBytes = 4 << 20;
    private const int MostPickles = 256;
    private const int SuperblockBytes = 56;

    private static readonly byte[] Magic = [0x89, .. "HDF\r\n"u8, 0x1a, (byte)'\n'];

    /// <summary>The superblock may stand behind a user block of 512, 1024, … bytes.</summary>
    private static readonly int[] Starts = [0, 512, 1024, 2048];

    /// <returns>Null where the file has no superblock.</returns>
    public static FormatReading? TryRead(FileInHand file)
    {
        foreach (var start in Starts)
        {
            if (file.Head.Length > start && file.Head.AsSpan(start).StartsWith(Magic))
            {
                return Read(file, start);
            }
        }

        return null;
    }

    private static FormatReading Read(FileInHand file, int start)
    {
        if (EndOf(file.Head.AsSpan(start)) is not { } end)
        {
            return FormatReading.Unsupported(FileFormat.Hdf5, "has a superblock of a kind that is not read");
        }

        if (end > (ulong)file.Length)
        {
            return FormatReading.Corrupt(FileFormat.Hdf5, $"cut off: its superblock says {end} bytes");
        }

        var searched = Math.Min(file.Length, SearchedBytes);
        if (searched < file.Length)
        {
            file.Tally.Find("unreadable", Severity.Unusual, "hdf5", $"only the first {searched} bytes were searched");
        }

        EmbeddedConfigurations.ReadAll(file, searched);
        return ReadsPickles(file, searched)
            ? FormatReading.Unsupported(FileFormat.Hdf5, "written by PyTables, which pickles attributes and objects; no PyTables is in the sandbox")
            : KerasConfiguration.Outcome(FileFormat.Hdf5, file.Tally);
    }

    /// <summary>The address behind the last byte of the file, as the superblock of version 0 to 3 has it.</summary>
    private static ulong? EndOf(ReadOnlySpan<byte> superblock) => superblock.Length < SuperblockBytes ? null : superblock[8] switch
    {
        0 when superblock[13] == 8 => BinaryPrimitives.ReadUInt64LittleEndian(superblock[40..]),
        1 when superblock[13] == 8 => BinaryPrimitives.ReadUInt64LittleEndian(superblock[44..]),
        2 or 3 when superblock[9] == 8 => BinaryPrimitives.ReadUInt64LittleEndian(superblock[28..]),
        _ => null,
    };

    /// <summary>Whether PyTables wrote it; its pickles are then read.</summary>
    private static bool ReadsPickles(FileInHand file, long searched)
    {
        var (isTables, pickles) = (false, 0);
        for (var start = 0L; start < searched; start += WindowBytes)
        {
            file.Cancel.ThrowIfCancellationRequested();
            var window = file.Reader(start, WindowBytes).ReadUpTo(WindowBytes);
            isTables |= window.AsSpan().IndexOf("PYTABLES"u8) >= 0;
            for (var at = isTables ? NextPickle(window, 0) : -1; at >= 0 && pickles < MostPickles; at = NextPickle(window, at + 1))
            {
                pickles++;
                file.Scan.TryOne(file.Reader(start + at), file.Tally);
            }
        }

        return isTables;
    }

    private static int NextPickle(byte[] window, int from)
    {
        for (var at = from; at + 2 < window.Length; at++)
        {
            if ((window[at] == 0x80 && window[at + 1] is >= 2 and <= 5 && window[at + 2] is (byte)'c' or (byte)'}' or (byte)']' or (byte)'(' or 0x95 or 0x8c)
                || (window[at] is (byte)'c' && window[at + 1] is >= (byte)'a' and <= (byte)'z' && window.AsSpan(at, Math.Min(64, window.Length - at)).IndexOf((byte)'\n') > 0))
            {
                return at;
            }
        }

        return -1;
    }
}
