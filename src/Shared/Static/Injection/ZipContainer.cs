using System.Buffers.Binary;
using System.Text;
using ICSharpCode.SharpZipLib.Checksum;
using ICSharpCode.SharpZipLib.Zip;

namespace DynaHug.Shared.Static.Injection;

/// <summary>
/// A zip: of torch's its data.pkl, of others the first member that takes a payload. Members keep their order and whether they are compressed, and
/// stored ones begin at multiples of 64 as torch lays them out.
/// </summary>
internal sealed class ZipContainer : IContainer
{
    private const int Alignment = 64;
    private const int LocalHeader = 30;

    /// <summary>torch pads by an extra field of this id (caffe2/serialize/inline_container.cc).</summary>
    private const ushort Padding = 0x4246;

    public bool Holds(ReadOnlySpan<byte> file) => file.StartsWith("PK\x03\x04"u8);

    public byte[]? Injected(byte[] file, Injection injection)
    {
        using var source = new ZipFile(new MemoryStream(file, writable: false));
        var entries = source.Cast<ZipEntry>().ToList();
        if (entries.Exists(entry => IsNamed(entry.Name, "constants.pkl")))
        {
            return null; // a TorchScript archive
        }

        var ofTorch = entries.Exists(entry => IsNamed(entry.Name, "data.pkl"));
        var members = entries.ConvertAll(entry => (entry.Name, injection.Unpacked(source.GetInputStream(entry))));
        return injection.IntoOneOf(members, name => !ofTorch || IsNamed(name, "data.pkl")) is { } contents ? Written(entries.Zip(contents)) : null;
    }

    private static bool IsNamed(string name, string last) => name == last || name.EndsWith($"/{last}", StringComparison.Ordinal);

    private static byte[] Written(IEnumerable<(ZipEntry Entry, byte[] Content)> members)
    {
        using var target = new MemoryStream();
        using var written = new ZipOutputStream(target) { UseZip64 = UseZip64.Off, IsStreamOwner = false };
        foreach (var (entry, content) in members)
        {
            Write(written, entry, content);
        }

        written.Finish();
        return target.ToArray();
    }

    private static void Write(ZipOutputStream written, ZipEntry member, byte[] content)
    {
        var entry = new ZipEntry(member.Name) { CompressionMethod = member.CompressionMethod, DateTime = member.DateTime };
        if (member.CompressionMethod == CompressionMethod.Stored)
        {
            var checksum = new Crc32();
            checksum.Update(content);
            entry.Size = entry.CompressedSize = content.Length;
            entry.Crc = checksum.Value;
            entry.ExtraData = PaddingFor(written.Position, Encoding.UTF8.GetByteCount(member.Name));
        }

        written.PutNextEntry(entry);
        written.Write(content);
        written.CloseEntry();
    }

    private static byte[] PaddingFor(long position, int name)
    {
        var start = position + LocalHeader + name + 4;
        var extra = new byte[4 + ((Alignment - (start % Alignment)) % Alignment)];
        BinaryPrimitives.WriteUInt16LittleEndian(extra, Padding);
        BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(2), (ushort)(extra.Length - 4));
        return extra;
    }
}
