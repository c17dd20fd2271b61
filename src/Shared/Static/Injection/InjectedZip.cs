using System.Buffers.Binary;
using System.Text;
using ICSharpCode.SharpZipLib.Checksum;
using ICSharpCode.SharpZipLib.Zip;

namespace DynaHug.Shared.Static.Injection;

/// <summary>
/// A torch zip (its data.pkl) or an .npz (its first array of objects) with a payload. Members keep their order and whether they are compressed, and
/// stored ones begin at multiples of 64 as torch lays them out: the load is to differ from its host's by the payload alone.
/// </summary>
internal static class InjectedZip
{
    private const int Alignment = 64;
    private const int LocalHeader = 30;

    /// <summary>torch pads by an extra field of this id (caffe2/serialize/inline_container.cc).</summary>
    private const ushort Padding = 0x4246;

    public static byte[]? Of(byte[] host, InjectionMode mode, ReadOnlySpan<byte> payload)
    {
        using var source = new ZipFile(new MemoryStream(host, writable: false));
        using var target = new MemoryStream();
        using var written = new ZipOutputStream(target) { UseZip64 = UseZip64.Off, IsStreamOwner = false };
        var (done, total) = (false, 0L);
        foreach (ZipEntry member in source)
        {
            using var stream = source.GetInputStream(member);
            var content = Injector.ReadBounded(stream);
            total += content.Length;
            if (total > Injector.MostBytes)
            {
                return null;
            }

            if (!done && HoldsPickle(member.Name, content))
            {
                if (Injector.Injected(content, mode, payload) is not { } injected)
                {
                    return null;
                }

                (content, done) = (injected, true);
            }

            Write(written, member, content);
        }

        written.Finish();
        return done ? target.ToArray() : null;
    }

    private static bool HoldsPickle(string name, byte[] content) =>
        name.EndsWith("data.pkl", StringComparison.Ordinal)
        || (name.EndsWith(".npy", StringComparison.Ordinal) && content.AsSpan(0, Math.Min(128, content.Length)).IndexOf("'|O'"u8) >= 0);

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
