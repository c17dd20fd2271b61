using System.Buffers.Binary;
using System.IO.Compression;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// gVisor's checkpoint file, rewritten so that restoring need not inflate it: a checkpoint is written once and read for every scan, and
/// inflating took more than half of a scan's processor time. The chunks become stored blocks of the same DEFLATE format (RFC 1951, 3.2.4),
/// which gVisor reads as it reads all others. They are smaller, too: gVisor gathers each in a buffer that it lets grow, and fresh memory costs more
/// than what it holds.
/// </summary>
/// <remarks>
/// Layout (gVisor <c>pkg/state/statefile</c> and <c>pkg/compressio</c>): <c>gVisorSF</c>, length of the metadata (8 bytes, big-endian), metadata (JSON), its
/// SHA-256 HMAC (32 bytes), size of an inflated chunk (4 bytes), then for each chunk the size of its DEFLATE stream (4 bytes) and the stream.
/// </remarks>
internal static class CheckpointFile
{
    private const int MagicBytes = 8;
    private const int MetadataMost = 1 << 20;
    private const int HashBytes = 32;
    private const int ChunkMost = 64 << 20;
    private const int NewChunk = 256 << 10;
    private const int StoredMost = ushort.MaxValue;
    private const int StoredHeader = 5;

    private static ReadOnlySpan<byte> Magic => "gVisorSF"u8;

    /// <summary>Rewrites the file in place; on failure it is as it was.</summary>
    /// <returns>Bytes of the inflated state.</returns>
    /// <exception cref="InvalidDataException">The file is laid out in another way, as that of another gVisor may be.</exception>
    /// <exception cref="IOException">It cannot be read, or the disk is full.</exception>
    public static long Unfold(string path)
    {
        var unfinished = $"{path}.unfinished";
        try
        {
            var bytes = Rewrite(path, unfinished);
            File.Move(unfinished, path, overwrite: true);
            return bytes;
        }
        catch (EndOfStreamException cut)
        {
            throw new InvalidDataException($"'{path}' ends in the middle of a chunk", cut);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static long Rewrite(string path, string unfinished)
    {
        using var source = File.OpenRead(path);
        using var target = File.Create(unfinished, 1 << 20);
        var begin = new byte[MagicBytes + sizeof(ulong)];
        source.ReadExactly(begin);
        var metadata = BinaryPrimitives.ReadUInt64BigEndian(begin.AsSpan(MagicBytes));
        if (!begin.AsSpan(0, MagicBytes).SequenceEqual(Magic) || metadata > MetadataMost)
        {
            throw new InvalidDataException($"'{path}' does not begin like a checkpoint");
        }

        target.Write(begin);
        var header = new byte[(int)metadata + HashBytes + sizeof(uint)];
        source.ReadExactly(header);
        var size = header.AsSpan(header.Length - sizeof(uint));
        var chunkBytes = BinaryPrimitives.ReadUInt32BigEndian(size);
        if (chunkBytes is 0 or > ChunkMost)
        {
            throw new InvalidDataException($"'{path}' has chunks of {chunkBytes} bytes");
        }

        BinaryPrimitives.WriteUInt32BigEndian(size, NewChunk);
        target.Write(header);

        return CopyChunks(source, target, (int)chunkBytes);
    }

    /// <summary>Every chunk but the last has to be whole, so what one old chunk leaves over is written with the next.</summary>
    private static long CopyChunks(FileStream source, FileStream target, int chunkBytes)
    {
        var total = 0L;
        var inflated = new byte[NewChunk + chunkBytes + 1];
        var (held, size) = (0, new byte[sizeof(uint)]);
        while (source.Position < source.Length)
        {
            source.ReadExactly(size);
            var folded = new byte[Math.Min(BinaryPrimitives.ReadUInt32BigEndian(size), (uint)ChunkMost)];
            source.ReadExactly(folded);
            using var reader = new DeflateStream(new MemoryStream(folded), CompressionMode.Decompress);
            var length = reader.ReadAtLeast(inflated.AsSpan(held, chunkBytes + 1), chunkBytes + 1, throwOnEndOfStream: false);
            if (length == 0 || length > chunkBytes)
            {
                throw new InvalidDataException($"a chunk inflates to {length} bytes, announced were at most {chunkBytes}");
            }

            total += length;
            held = WriteWhole(target, inflated.AsSpan(0, held + length));
        }

        if (held > 0)
        {
            WriteStored(target, inflated.AsSpan(0, held));
        }

        return total;
    }

    /// <summary>Writes all whole chunks of it and moves the rest to its start.</summary>
    /// <returns>Bytes of the rest.</returns>
    private static int WriteWhole(FileStream target, Span<byte> bytes)
    {
        var rest = bytes;
        for (; rest.Length >= NewChunk; rest = rest[NewChunk..])
        {
            WriteStored(target, rest[..NewChunk]);
        }

        rest.CopyTo(bytes);
        return rest.Length;
    }

    /// <summary>One DEFLATE stream of stored blocks: a byte that says whether it is the last, its length, the complement of that, its bytes.</summary>
    private static void WriteStored(FileStream target, ReadOnlySpan<byte> chunk)
    {
        var blocks = (chunk.Length + StoredMost - 1) / StoredMost;
        Span<byte> head = stackalloc byte[StoredHeader];
        BinaryPrimitives.WriteUInt32BigEndian(head, (uint)(chunk.Length + (blocks * StoredHeader)));
        target.Write(head[..sizeof(uint)]);
        while (!chunk.IsEmpty)
        {
            var block = chunk[..Math.Min(chunk.Length, StoredMost)];
            chunk = chunk[block.Length..];
            head[0] = chunk.IsEmpty ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt16LittleEndian(head[1..], (ushort)block.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(head[3..], (ushort)~block.Length);
            target.Write(head);
            target.Write(block);
        }
    }
}
