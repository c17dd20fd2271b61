using SharpCompress.Archives.SevenZip;
using SharpCompress.Common;
using SharpCompress.Writers.SevenZip;

namespace DynaHug.Shared.Static.Injection;

/// <summary>A 7z. Written by LZMA, one stream a member.</summary>
internal sealed class SevenZipContainer : IContainer
{
    private static readonly byte[] Magic = [.. "7z"u8, 0xbc, 0xaf, 0x27, 0x1c];

    public bool Holds(ReadOnlySpan<byte> file) => file.StartsWith(Magic);

    public byte[]? Injected(byte[] file, Injection injection)
    {
        using var archive = SevenZipArchive.OpenArchive(new MemoryStream(file, writable: false));
        var entries = archive.Entries.Where(entry => !entry.IsDirectory).ToList();
        var members = entries.ConvertAll(entry => (entry.Key ?? "", injection.Unpacked(entry.OpenEntryStream())));
        if (injection.IntoOneOf(members, _ => true) is not { } contents)
        {
            return null;
        }

        using var target = new MemoryStream();
        using (var written = new SevenZipWriter(target, new SevenZipWriterOptions(CompressionType.LZMA) { LeaveStreamOpen = true }))
        {
            foreach (var (entry, content) in entries.Zip(contents))
            {
                written.Write(entry.Key ?? "", new MemoryStream(content, writable: false), entry.LastModifiedTime);
            }
        }

        return target.ToArray();
    }
}
