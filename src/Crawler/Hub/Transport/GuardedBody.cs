namespace DynaHug.Crawler.Hub.Transport;

/// <summary>
/// A hub's answer as it arrives, within limits: at most so many bytes, never still for longer than so long. Breaking a limit is an
/// <see cref="IOException"/>, as a cut connection is.
/// </summary>
internal sealed class GuardedBody : Stream
{
    private readonly Stream body;
    private readonly long limit;
    private readonly TimeSpan idleTimeout;
    private readonly CancellationTokenSource stopping;
    private readonly ITimer idle;
    private volatile bool stoodStill;
    private long read;

    /// <param name="cancel">Ends every read. One for all of them: a download of gigabytes reads a hundred thousand times.</param>
    public GuardedBody(Stream body, long limit, TimeSpan idleTimeout, TimeProvider clock, CancellationToken cancel)
    {
        this.body = body;
        this.limit = limit;
        this.idleTimeout = idleTimeout;
        stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        idle = clock.CreateTimer(_ => StandStill(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var arriving = body.ReadAsync(buffer, stopping.Token);
        var count = arriving.IsCompletedSuccessfully ? await arriving : await WaitAsync(arriving);
        read += count;
        return read <= limit ? count : throw new IOException($"the hub's answer is over {limit} bytes");
    }

    private async ValueTask<int> WaitAsync(ValueTask<int> arriving)
    {
        idle.Change(idleTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            return await arriving;
        }
        catch (OperationCanceledException) when (stoodStill)
        {
            throw new IOException($"the hub sent nothing for {idleTimeout.TotalSeconds:0} s");
        }
        finally
        {
            idle.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void StandStill()
    {
        stoodStill = true;
        try
        {
            stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The body ended while the timer fired.
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            idle.Dispose();
            body.Dispose();
            stopping.Dispose();
        }

        base.Dispose(disposing);
    }
}
