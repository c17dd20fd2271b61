using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DynaHug.Coordinator.Blobs;

/// <summary>
/// A file with holes as a stream that has none. Little endian: the file's length, then for each stretch of data its offset, its length (8 bytes each) and its bytes.
/// Where stretches lie is asked of the file system (lseek(2), SEEK_DATA and SEEK_HOLE); one that does not know gives a single stretch.
/// </summary>
internal static partial class HoledFile
{
    private const int SeekData = 3;
    private const int SeekHole = 4;

    /// <summary>ENXIO: there is no data behind this offset.</summary>
    private const int NoMoreData = 6;

    /// <summary>More than any file of a hub has.</summary>
    private const long MostBytes = 1L << 42;

    private const int BufferBytes = 1 << 17;

    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static async Task PackAsync(SafeFileHandle holed, Stream packed, CancellationToken cancel)
    {
        var length = RandomAccess.GetLength(holed);
        var buffer = new byte[BufferBytes];
        await WriteAsync(packed, length, cancel);
        foreach (var (offset, count) in Stretches(holed))
        {
            await WriteAsync(packed, offset, cancel);
            await WriteAsync(packed, count, cancel);
            for (var done = 0L; done < count;)
            {
                var read = await RandomAccess.ReadAsync(holed, buffer.AsMemory(0, (int)Math.Min(buffer.Length, count - done)), offset + done, cancel);
                await packed.WriteAsync(read > 0 ? buffer.AsMemory(0, read) : throw new EndOfStreamException("the file became shorter while it was packed"), cancel);
                done += read;
            }
        }
    }

    /// <summary>Makes the file again at a place where there is none.</summary>
    /// <returns>Its length, holes included.</returns>
    /// <exception cref="InvalidDataException">The stream is none that <see cref="PackAsync"/> has written.</exception>
    public static async Task<long> UnpackAsync(Stream packed, string place, CancellationToken cancel)
    {
        await using var file = new FileStream(place, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var length = await ReadAsync(packed, cancel);
        Require(length is >= 0 and <= MostBytes);
        file.SetLength(length);
        var buffer = new byte[BufferBytes];
        for (var end = 0L; packed.Position < packed.Length;)
        {
            var (offset, count) = (await ReadAsync(packed, cancel), await ReadAsync(packed, cancel));
            Require(offset >= end && count > 0 && count <= packed.Length - packed.Position && offset <= length - count);
            file.Position = offset;
            for (var left = count; left > 0;)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, left));
                await packed.ReadExactlyAsync(part, cancel);
                await file.WriteAsync(part, cancel);
                left -= part.Length;
            }

            end = offset + count;
        }

        return length;
    }

    private static IEnumerable<(long Offset, long Count)> Stretches(SafeFileHandle file)
    {
        for (var data = Seek(file, 0, SeekData); data >= 0;)
        {
            var hole = Seek(file, data, SeekHole);
            yield return (data, hole - data);
            data = Seek(file, hole, SeekData);
        }
    }

    /// <returns>Negative where there is no more data.</returns>
    private static long Seek(SafeFileHandle file, long offset, int whence)
    {
        var found = LSeek(file, offset, whence);
        return found >= 0 || Marshal.GetLastPInvokeError() == NoMoreData ? found : throw new IOException("the file cannot be searched for holes", new Win32Exception());
    }

    private static async Task WriteAsync(Stream packed, long number, CancellationToken cancel)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        await packed.WriteAsync(bytes, cancel);
    }

    private static async Task<long> ReadAsync(Stream packed, CancellationToken cancel)
    {
        var bytes = new byte[sizeof(long)];
        Require(await packed.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel) == bytes.Length);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("damaged: this is no packed file with holes");
        }
    }

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long LSeek(SafeFileHandle file, long offset, int whence);
}
