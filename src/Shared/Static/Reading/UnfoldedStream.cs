namespace DynaHug.Shared.Static.Reading;

/// <summary>
/// What a decompressor gives, made safe to read: it ends at the budget, and it ends where the compressed data is damaged. Both are facts
/// about the file, so they are kept as words and never thrown.
/// </summary>
internal sealed class UnfoldedStream(Stream decompressor, InflationBudget budget) : Stream
{
    /// <summary>Why the contents end early; null while they do not.</summary>
    public string? Problem { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (Problem is not null || buffer.Length == 0)
        {
            return 0;
        }

        var allowed = budget.Grant(buffer.Length);
        if (allowed == 0)
        {
            Problem = "unfolds to more than is read";
            return 0;
        }

        try
        {
            var read = decompressor.Read(buffer[..allowed]);
            budget.GiveBack(allowed - read);
            return read;
        }
        catch (Exception damaged) when (IsFaultOfContent(damaged))
        {
            Problem = $"compressed data is damaged: {damaged.Message}";
            return 0;
        }
    }

    /// <summary>A plain <see cref="IOException"/> is our disk; everything else a decompressor throws is the file's doing.</summary>
    private static bool IsFaultOfContent(Exception exception) =>
        exception is not OperationCanceledException and not OutOfMemoryException && exception.GetType() != typeof(IOException);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decompressor.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>Bytes that all compressed contents of one file may still unfold to.</summary>
internal sealed class InflationBudget(long bytes)
{
    private long left = bytes;

    public int Grant(int wanted)
    {
        var granted = (int)Math.Min(wanted, left);
        left -= granted;
        return granted;
    }

    public void GiveBack(int bytes) => left += bytes;
}
