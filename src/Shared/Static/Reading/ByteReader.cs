using System.Buffers.Binary;

namespace DynaHug.Shared.Static.Reading;

/// <summary>Forward reading with a buffer, cheap skipping where the stream can seek, and ends instead of exceptions.</summary>
internal sealed class ByteReader(Stream stream)
{
    private const int BufferSize = 1 << 16;

    private readonly byte[] buffer = new byte[stream.CanSeek ? (int)Math.Clamp(stream.Length, 16, BufferSize) : BufferSize];
    private long bufferStart;
    private int at;
    private int filled;

    public static ByteReader Of(byte[] bytes) => new(new MemoryStream(bytes, writable: false));

    /// <summary>Bytes read or skipped so far.</summary>
    public long Position => bufferStart + at;

    public bool CanSeek => stream.CanSeek;

    /// <summary>Bytes to the end; null where only reading on can tell.</summary>
    public long? Remaining => stream.CanSeek ? Math.Max(0, stream.Length - Position) : null;

    public bool AtEnd => at >= filled && !Fill();

    /// <returns>The next byte, or -1 at the end.</returns>
    public int ReadByte() => at < filled || Fill() ? buffer[at++] : -1;

    /// <returns>The next byte without moving on, or -1 at the end.</returns>
    public int Peek() => at < filled || Fill() ? buffer[at] : -1;

    /// <returns>The bytes that come next without moving on: as many as asked for, unless the end or the buffer comes first.</returns>
    public ReadOnlySpan<byte> PeekUpTo(int count)
    {
        if (filled - at < count)
        {
            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            bufferStart += at;
            (at, filled) = (0, filled - at);
            while (filled < Math.Min(count, buffer.Length) && stream.Read(buffer.AsSpan(filled)) is > 0 and var more)
            {
                filled += more;
            }
        }

        return buffer.AsSpan(at, Math.Min(count, filled - at));
    }

    public bool TryRead(Span<byte> target) => ReadUpTo(target) == target.Length;

    /// <summary>Reads a little-endian number without sign.</summary>
    /// <param name="width">Its bytes, at most 8.</param>
    /// <returns>False where the end came first.</returns>
    public bool TryReadNumber(int width, out ulong number)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        var there = TryRead(bytes[..width]);
        number = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return there;
    }

    /// <returns>How many bytes there were; fewer than asked for only at the end.</returns>
    public int ReadUpTo(Span<byte> target)
    {
        var done = 0;
        while (done < target.Length && (at < filled || Fill()))
        {
            var part = Math.Min(target.Length - done, filled - at);
            buffer.AsSpan(at, part).CopyTo(target[done..]);
            at += part;
            done += part;
        }

        return done;
    }

    /// <summary>The bytes that come next, at most <paramref name="limit"/> of them.</summary>
    public byte[] ReadUpTo(int limit)
    {
        var whole = new byte[Remaining is { } left ? (int)Math.Min(limit, left) : limit];
        var read = ReadUpTo(whole.AsSpan());
        return read == whole.Length ? whole : whole[..read];
    }

    /// <returns>False where the end came first.</returns>
    public bool TrySkip(long count)
    {
        var inBuffer = Math.Min(count, filled - at);
        at += (int)inBuffer;
        count -= inBuffer;
        if (count == 0)
        {
            return true;
        }

        if (stream.CanSeek)
        {
            var there = Math.Min(count, Remaining!.Value);
            Seek(Position + there);
            return there == count;
        }

        while (count > 0 && (at < filled || Fill()))
        {
            var part = (int)Math.Min(count, filled - at);
            at += part;
            count -= part;
        }

        return count == 0;
    }

    public void Seek(long position)
    {
        stream.Position = position;
        bufferStart = position;
        at = filled = 0;
    }

    /// <summary>Reads to the next line feed and past it.</summary>
    /// <param name="kept">The line without its end, cut at the length of the target.</param>
    /// <returns>False where the end came before a line feed.</returns>
    public bool TryReadLine(Span<byte> target, out int kept)
    {
        kept = 0;
        while (at < filled || Fill())
        {
            var rest = buffer.AsSpan(at, filled - at);
            var end = rest.IndexOf((byte)'\n');
            var part = end < 0 ? rest : rest[..end];
            var copied = Math.Min(part.Length, target.Length - kept);
            part[..copied].CopyTo(target[kept..]);
            kept += copied;
            at += part.Length + (end < 0 ? 0 : 1);
            if (end >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private bool Fill()
    {
        bufferStart += filled;
        at = filled = 0;
        filled = stream.Read(buffer);
        return filled > 0;
    }
}
