using System.IO.Compression;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Formats;

/// <summary>Compressed files: joblib's, which unfold to a pickle, and wrappers around archives.</summary>
internal static class CompressedFormats
{
    private const int Sniffed = 512;

    /// <summary>Formats known by their magic that the base library cannot unfold: the loader in the sandbox does.</summary>
    private static readonly (byte[] Magic, string Format)[] NotUnfolded =
    [
        ([.. "BZh"u8], FileFormat.Bzip2),
        ([0xfd, .. "7zXZ"u8, 0], FileFormat.Xz),
        ([0x5d, 0, 0], FileFormat.Joblib),
        ([0x04, 0x22, 0x4d, 0x18], FileFormat.Joblib),
        ([0x28, 0xb5, 0x2f, 0xfd], FileFormat.Zstandard),
        ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], FileFormat.SevenZip),
    ];

    /// <returns>Null where the file is not compressed as a whole.</returns>
    public static FormatReading? TryRead(FileInHand file)
    {
        foreach (var (magic, format) in NotUnfolded)
        {
            if (file.StartsWith(magic))
            {
                file.Tally.Find("unreadable", Severity.Info, "compressed", "compressed contents are read by the loader only");
                return new FormatReading(format);
            }
        }

        return file.StartsWith([0x1f, 0x8b]) ? Read(file, FileFormat.Gzip, () => new GZipStream(file.Slice(), CompressionMode.Decompress))
            : file.Head is [0x78, 0x01 or 0x5e or 0x9c or 0xda, ..] ? ReadZlib(file)
            : null;
    }

    private static FormatReading? ReadZlib(FileInHand file)
    {
        var read = Read(file, FileFormat.Unknown, () => new ZLibStream(file.Slice(), CompressionMode.Decompress));
        return read.Format == FileFormat.Unknown ? null : read;
    }

    private static FormatReading Read(FileInHand file, string wrapper, Func<Stream> open)
    {
        using var content = new UnfoldedStream(open(), file.Budget.Inflation);
        var input = new ByteReader(content);
        var head = Sniff(file, open);
        if (TarFormat.IsTar(head))
        {
            return Noting(TarFormat.Read(file, input, wrapper));
        }

        if (head is not [0x80, ..] && NestedContents.TryRead(file, wrapper, input, size: null))
        {
            return Noting(new FormatReading(wrapper));
        }

        var pickle = file.Scan.TryOne(input, file.Tally);
        if (pickle.Plausible || head is [0x80, <= 5, ..])
        {
            if (!pickle.Stopped)
            {
                file.Tally.Find("broken-stream", Severity.Unusual, "", pickle.Problem);
            }

            file.Scan.ReadRest(input, pickle.Stopped, file.Tally);
            return Noting(new FormatReading(FileFormat.Joblib));
        }

        return Noting(new FormatReading(wrapper));

        FormatReading Noting(FormatReading reading)
        {
            if (content.Problem is { } problem)
            {
                file.Tally.Find("unreadable", Severity.Unusual, "compressed", Printable.Of(problem));
            }

            return reading;
        }
    }

    private static byte[] Sniff(FileInHand file, Func<Stream> open)
    {
        using var content = new UnfoldedStream(open(), file.Budget.Inflation);
        return new ByteReader(content).ReadUpTo(Sniffed);
    }
}
