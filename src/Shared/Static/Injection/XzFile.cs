using System.Buffers.Binary;
using ICSharpCode.SharpZipLib.Checksum;
using SharpCompress.Compressors.LZMA;

namespace DynaHug.Shared.Static.Injection;

/// <summary>Writes .xz, which the libraries at hand only read: one block, whose LZMA2 chunks each begin anew.</summary>
/// <remarks>Sources: The .xz File Format 1.2.1 (tukaani.org); for chunks, lzma2_encoder.c of liblzma.</remarks>
internal static class XzFile
{
    private const int ChunkBytes = 1 << 16;

    /// <summary>2 shifted by half of this and 11 more: the bytes of a chunk.</summary>
    private const byte Dictionary = 8;

    private const int ChecksumBytes = 4;

    public static byte[] Of(byte[] content)
    {
        byte[] flags = [0, 1]; // contents are followed by their CRC-32
        byte[] head = [2, 0, 0x21, 1, Dictionary, 0, 0, 0]; // twelve bytes with its checksum; one filter, LZMA2
        var chunks = Chunks(content);
        var index = Padded([0, 1, .. Number(head.Length + ChecksumBytes + chunks.Length + ChecksumBytes), .. Number(content.Length)]);
        byte[] end = [.. LittleEndian((uint)((index.Length + ChecksumBytes) / 4) - 1), .. flags];
        return
        [
            0xfd, .. "7zXZ"u8, 0, .. flags, .. Checksum(flags),
            .. head, .. Checksum(head), .. Padded(chunks), .. Checksum(content),
            .. index, .. Checksum(index),
            .. Checksum(end), .. end, .. "YZ"u8,
        ];
    }

    private static byte[] Chunks(byte[] content)
    {
        using var chunks = new MemoryStream();
        for (var start = 0; start < content.Length; start += ChunkBytes)
        {
            Write(chunks, content.AsSpan(start, Math.Min(ChunkBytes, content.Length - start)));
        }

        chunks.WriteByte(0);
        return chunks.ToArray();
    }

    private static void Write(MemoryStream chunks, ReadOnlySpan<byte> chunk)
    {
        using var packed = new MemoryStream();
        byte properties;
        using (var lzma = LzmaStream.Create(new LzmaEncoderProperties(eos: false, dictionary: ChunkBytes), isLzma2: false, packed))
        {
            properties = lzma.Properties[0];
            lzma.Write(chunk);
        }

        if (packed.Length < chunk.Length)
        {
            chunks.Write([0xe0, .. BigEndian(chunk.Length - 1), .. BigEndian((int)packed.Length - 1), properties, .. packed.ToArray()]);
        }
        else
        {
            chunks.Write([1, .. BigEndian(chunk.Length - 1), .. chunk]);
        }
    }

    private static byte[] BigEndian(int number) => [(byte)(number >> 8), (byte)number];

    private static byte[] LittleEndian(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return bytes;
    }

    private static byte[] Checksum(byte[] bytes)
    {
        var checksum = new Crc32();
        checksum.Update(bytes);
        return LittleEndian((uint)checksum.Value);
    }

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[-bytes.Length & 3]];

    /// <summary>Seven bits a byte, the lowest first.</summary>
    private static IEnumerable<byte> Number(long number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            yield return (byte)(number | 0x80);
        }

        yield return (byte)number;
    }
}
