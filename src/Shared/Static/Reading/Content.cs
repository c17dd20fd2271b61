using Microsoft.Win32.SafeHandles;

namespace DynaHug.Shared.Static.Reading;

/// <summary>Bytes with random access: a file on disk, or a member that was unpacked into memory.</summary>
internal abstract class Content
{
    public abstract long Length { get; }

    /// <param name="offset">Within the content.</param>
    /// <param name="size">Not past its end.</param>
    public abstract Stream Slice(long offset, long size);
}

internal sealed class FileContent(SafeFileHandle handle) : Content
{
    public override long Length { get; } = RandomAccess.GetLength(handle);

    public override Stream Slice(long offset, long size) => new FileSlice(handle, offset, size);
}

internal sealed class BytesContent(byte[] bytes) : Content
{
    public override long Length => bytes.Length;

    public override Stream Slice(long offset, long size) => new MemoryStream(bytes, (int)offset, (int)size, writable: false);
}

/// <summary>A stretch of another content: a member that an archive stores as it is.</summary>
internal sealed class PartOfContent(Content whole, long start, long length) : Content
{
    public override long Length => length;

    public override Stream Slice(long offset, long size) => whole.Slice(start + offset, size);
}
