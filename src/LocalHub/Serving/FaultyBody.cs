using Microsoft.AspNetCore.Http;

namespace DynaHug.LocalHub.Serving;

/// <summary>A response body that cuts, stalls or lies on its way to the client.</summary>
internal sealed class FaultyBody(HttpContext context, Stream body, HubFault fault, TimeProvider clock) : Stream
{
    /// <summary>Time for the bytes before a cut to arrive; an aborted connection may drop what is still under way.</summary>
    private static readonly TimeSpan BeforeCut = TimeSpan.FromMilliseconds(100);

    private long written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => written;
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var limit = fault switch
        {
            HubFault.CutAfter cut => cut.Bytes,
            HubFault.StallAfter stall => stall.Bytes,
            _ => long.MaxValue,
        };
        var kept = buffer[..(int)Math.Min(buffer.Length, limit - written)];
        await body.WriteAsync(fault is HubFault.WrongBytes ? Changed(kept.Span) : kept, cancellationToken);
        written += kept.Length;
        if (kept.Length < buffer.Length)
        {
            await body.FlushAsync(cancellationToken);
            await Task.Delay(fault is HubFault.StallAfter ? Timeout.InfiniteTimeSpan : BeforeCut, clock, context.RequestAborted);
            context.Abort();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static byte[] Changed(ReadOnlySpan<byte> bytes)
    {
        var changed = bytes.ToArray();
        foreach (ref var value in changed.AsSpan())
        {
            value ^= 0xFF;
        }

        return changed;
    }
}
