using Microsoft.Win32.SafeHandles;

namespace DynaHug.Shared.Static.Reading;

/// <summary>Part of a file as a seekable stream. Several slices of one handle do not disturb each other.</summary>
internal sealed class FileSlice(SafeFileHandle file, long offset, long length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, length - Position);
        if (wanted <= 0)
        {
            return 0;
        }

        var read = RandomAccess.Read(file, buffer[..wanted], offset + Position);
        Position += read;
        return read;
    }

    public override long Seek(long target, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => target,
        SeekOrigin.Current => Position + target,
        _ => length + target,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
