namespace DynaHug.Crawler.Sparse;

/// <summary>
/// The parts of a file that were read, each byte once: what is asked for again comes from memory, so that no later answer can contradict
/// an earlier one.
/// </summary>
/// <param name="limit">Bytes read at most; a file of which more is needed is not worth reading in parts.</param>
internal sealed class ReadParts(IRanges file, long limit)
{
    private readonly SortedList<long, byte[]> parts = [];

    public long Size => file.Size;

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Requests made so far.</summary>
    public int Requests { get; private set; }

    /// <summary>Offset and bytes of each part, in order, without overlap.</summary>
    public IEnumerable<(long Offset, byte[] Bytes)> All => parts.Select(part => (part.Key, part.Value));

    /// <summary>The bytes from an offset on; reads what is missing.</summary>
    /// <exception cref="RangesRefusedException">They lie outside of the file, are too many, or cannot be had.</exception>
    public async Task<byte[]> ReadAsync(long offset, long count, CancellationToken cancel)
    {
        if (offset < 0 || count < 0 || offset > Size - count)
        {
            throw new RangesRefusedException($"bytes {offset} to {offset + count} are not in a file of {Size}");
        }

        foreach (var (start, end) in MissingIn(offset, offset + count).ToList())
        {
            if (BytesRead + end - start > limit)
            {
                throw new RangesRefusedException($"more than {limit} bytes of it would have to be read");
            }

            var part = new byte[end - start];
            await file.ReadAsync(start, part, cancel);
            parts.Add(start, part);
            BytesRead += end - start;
            Requests++;
        }

        return Copy(offset, (int)count);
    }

    /// <summary>Whether these bytes were read.</summary>
    public bool Has(long offset, long count) => !MissingIn(offset, offset + count).Any();

    private IEnumerable<(long Start, long End)> MissingIn(long start, long end)
    {
        foreach (var (offset, bytes) in parts)
        {
            if (offset >= end)
            {
                break;
            }

            if (offset > start)
            {
                yield return (start, offset);
            }

            start = Math.Max(start, offset + bytes.Length);
        }

        if (start < end)
        {
            yield return (start, end);
        }
    }

    private byte[] Copy(long offset, int count)
    {
        var whole = new byte[count];
        foreach (var (start, bytes) in parts)
        {
            var from = Math.Max(start, offset);
            var to = Math.Min(start + bytes.Length, offset + count);
            if (from < to)
            {
                bytes.AsSpan((int)(from - start), (int)(to - from)).CopyTo(whole.AsSpan((int)(from - offset)));
            }
        }

        return whole;
    }
}
