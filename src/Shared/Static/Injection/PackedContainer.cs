using System.Buffers.Binary;
using System.IO.Compression;
using ICSharpCode.SharpZipLib.BZip2;
using K4os.Compression.LZ4.Streams;
using SharpCompress.Compressors.LZMA;
using SharpCompress.Compressors.Xz;
using SharpCompress.Compressors.ZStandard;

namespace DynaHug.Shared.Static.Injection;

/// <summary>A file compressed as a whole.</summary>
/// <param name="magics">What it may begin with.</param>
/// <param name="unpacking">A stream of its contents.</param>
/// <param name="packing">Contents, compressed.</param>
internal sealed class PackedContainer(byte[][] magics, Func<Stream, Stream> unpacking, Func<byte[], byte[]> packing) : IContainer
{
    private const int LzmaProperties = 5;
    private const int LzmaHeader = LzmaProperties + 8;

    public static IReadOnlyList<IContainer> All { get; } =
    [
        new PackedContainer([[0x1f, 0x8b]], packed => new GZipStream(packed, CompressionMode.Decompress), To(target => new GZipStream(target, CompressionLevel.Optimal))),
        new PackedContainer(
            [[0x78, 0x01], [0x78, 0x5e], [0x78, 0x9c], [0x78, 0xda]],
            packed => new ZLibStream(packed, CompressionMode.Decompress),
            To(target => new ZLibStream(target, CompressionLevel.Optimal))),
        new PackedContainer([[.. "BZh"u8]], packed => new BZip2InputStream(packed), To(target => new BZip2OutputStream(target))),
        new PackedContainer([[0xfd, .. "7zXZ"u8, 0]], packed => new XZStream(packed), XzFile.Of),
        new PackedContainer([[0x5d, 0, 0]], FromLzma, ToLzma),
        new PackedContainer([[0x04, 0x22, 0x4d, 0x18]], packed => LZ4Stream.Decode(packed), To(target => LZ4Stream.Encode(target))),
        new PackedContainer([[0x28, 0xb5, 0x2f, 0xfd]], packed => new DecompressionStream(packed), To(target => new CompressionStream(target))),
    ];

    public bool Holds(ReadOnlySpan<byte> file)
    {
        foreach (var magic in magics)
        {
            if (file.StartsWith(magic))
            {
                return true;
            }
        }

        return false;
    }

    public byte[]? Injected(byte[] file, Injection injection) =>
        injection.Into(injection.Unpacked(unpacking(new MemoryStream(file, writable: false)))) is { } content ? packing(content) : null;

    private static Func<byte[], byte[]> To(Func<Stream, Stream> compressor) => content =>
    {
        using var target = new MemoryStream();
        using (var packed = compressor(target))
        {
            packed.Write(content);
        }

        return target.ToArray();
    };

    /// <summary>lzma's older format: five bytes of properties, the size of the contents or -1 where a mark ends them, one stream.</summary>
    private static LzmaStream FromLzma(Stream packed)
    {
        var header = new byte[LzmaHeader];
        packed.ReadExactly(header);
        return LzmaStream.Create(header[..LzmaProperties], packed, -1, BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(LzmaProperties)));
    }

    private static byte[] ToLzma(byte[] content)
    {
        using var target = new MemoryStream();
        using (var packed = LzmaStream.Create(new LzmaEncoderProperties(eos: true), isLzma2: false, target))
        {
            target.Write([.. packed.Properties, .. Enumerable.Repeat((byte)0xff, LzmaHeader - LzmaProperties)]);
            packed.Write(content);
        }

        return target.ToArray();
    }
}
