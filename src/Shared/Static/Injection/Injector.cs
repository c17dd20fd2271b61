using System.Buffers.Binary;
using DynaHug.Shared.Static.Formats;
using DynaHug.Shared.Static.Pickles;
using DynaHug.Shared.Static.Reading;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.BZip2;
using ICSharpCode.SharpZipLib.GZip;
using ICSharpCode.SharpZipLib.Zip.Compression.Streams;

namespace DynaHug.Shared.Static.Injection;

/// <summary>
/// Puts a payload into a benign model file, as attackers do with popular models: what a detector has to find, for validation and as canaries.
/// Nothing is loaded: the pickle inside is found, and bytes are added. Formats: pickle, joblib (plain, gzip, bzip2, zlib), torch zip and
/// legacy, .npz and .npy with objects. Total on any bytes.
/// </summary>
public static class Injector
{
    /// <summary>Largest host, and largest content of a member or of a compressed host, in bytes.</summary>
    public const int MostBytes = 64 << 20;

    /// <summary>What pickles of protocols 0 and 1 begin with, among others.</summary>
    private static readonly byte[] OldStarts = [.. "(]})cI"u8, 0x8A];

    private const byte Frame = 0x95;
    private const byte Protocol = 0x80;
    private const byte Stop = (byte)'.';
    private const int FrameSize = 9;

    /// <summary>A torch legacy file is five streams and then numbers; the fourth holds the object.</summary>
    private const int ObjectStream = 4;

    /// <returns>The file with the payload, or null where the host is too large or holds no pickle that it could be put into.</returns>
    public static byte[]? Inject(byte[] host, InjectionMode mode, Payload payload)
    {
        try
        {
            return host.Length > MostBytes ? null : Injected(host, mode, payload.Opcodes.Span);
        }
        catch (Exception broken) when (broken is SharpZipBaseException or InvalidDataException or IOException or ArgumentException or NotSupportedException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Of a file, or of a member of an archive.</summary>
    internal static byte[]? Injected(byte[] host, InjectionMode mode, ReadOnlySpan<byte> payload)
    {
        var start = host.AsSpan();
        if (start.StartsWith("PK\x03\x04"u8))
        {
            return InjectedZip.Of(host, mode, payload);
        }

        if (start.StartsWith(NumpyFormat.Magic))
        {
            return NumpyData(host) is { } data && InStream(host[data..], mode, payload) is { } array ? [.. host[..data], .. array] : null;
        }

        if (start is [0x1f, 0x8b, ..])
        {
            return Packed(host, mode, payload, packed => new GZipInputStream(packed), target => new GZipOutputStream(target));
        }

        if (start.StartsWith("BZh"u8))
        {
            return Packed(host, mode, payload, packed => new BZip2InputStream(packed), target => new BZip2OutputStream(target));
        }

        if (start is [0x78, 0x01 or 0x5e or 0x9c or 0xda, ..])
        {
            return Packed(host, mode, payload, packed => new InflaterInputStream(packed), target => new DeflaterOutputStream(target));
        }

        return InStream(host, mode, payload);
    }

    /// <exception cref="InvalidDataException">More than <see cref="MostBytes"/>.</exception>
    internal static byte[] ReadBounded(Stream stream)
    {
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (stream.Read(buffer) is > 0 and var count)
        {
            content.Write(buffer, 0, count);
            if (content.Length > MostBytes)
            {
                throw new InvalidDataException("unpacks to more than is taken up");
            }
        }

        return content.ToArray();
    }

    private static byte[]? Packed(byte[] host, InjectionMode mode, ReadOnlySpan<byte> payload, Func<Stream, Stream> unpacking, Func<Stream, Stream> packing)
    {
        using var unpacked = unpacking(new MemoryStream(host, writable: false));
        if (InStream(ReadBounded(unpacked), mode, payload) is not { } injected)
        {
            return null;
        }

        using var target = new MemoryStream();
        using (var packed = packing(target))
        {
            packed.Write(injected);
        }

        return target.ToArray();
    }

    /// <summary>Where the data of a .npy file begins (NEP 1); only arrays of objects hold a pickle.</summary>
    private static int? NumpyData(byte[] host)
    {
        if (host.Length < 12)
        {
            return null;
        }

        var wide = host[6] >= 2;
        var header = wide ? BinaryPrimitives.ReadUInt32LittleEndian(host.AsSpan(8)) : BinaryPrimitives.ReadUInt16LittleEndian(host.AsSpan(8));
        var data = (wide ? 12 : 10) + (long)header;
        return data < host.Length && host.AsSpan(0, (int)data).IndexOf("'|O'"u8) >= 0 ? (int)data : null;
    }

    private static byte[]? InStream(byte[] host, InjectionMode mode, ReadOnlySpan<byte> payload)
    {
        if (host.Length < 2 || (host[0] != Protocol && !OldStarts.Contains(host[0])))
        {
            return null;
        }

        var begin = host[0] == Protocol ? 2 : 0;
        return mode switch
        {
            InjectionMode.Before => [.. host[..begin], .. payload, .. host[begin..]],
            InjectionMode.Nested => [.. host[..begin], .. Nested([.. payload, .. "N."u8]), .. host[begin..]],
            InjectionMode.Stacked => [Protocol, 2, .. payload, .. "N."u8, .. host],
            _ => After(host, payload),
        };
    }

    private static byte[] Nested(byte[] inner)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, inner.Length);
        return [.. "c_pickle\nloads\n(B"u8, .. length, .. inner, .. "tR0"u8];
    }

    /// <summary>A frame (PEP 3154) that reaches to the end has to grow with it: joblib's unpickler holds frames to their length.</summary>
    private static byte[]? After(byte[] host, ReadOnlySpan<byte> payload)
    {
        if (EndOf(host) is not { } end)
        {
            return null;
        }

        var head = host[..end];
        for (var at = Array.LastIndexOf(host, Frame, end); at >= 0; at = at == 0 ? -1 : Array.LastIndexOf(host, Frame, at - 1))
        {
            if (at + FrameSize <= end && BinaryPrimitives.ReadInt64LittleEndian(host.AsSpan(at + 1)) is var length && length == end + 1 - (at + FrameSize))
            {
                BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(at + 1), length + payload.Length);
                break;
            }
        }

        return [.. head, .. payload, .. host[end..]];
    }

    /// <summary>Where the STOP of the object's stream is. Raw arrays between the opcodes of a joblib file cannot be read over; its last byte is its STOP.</summary>
    private static int? EndOf(byte[] host)
    {
        var reader = new PickleReader(ByteReader.Of(host));
        int? end = null;
        for (var streams = 0; streams < ObjectStream && reader.TryRead(out var instruction);)
        {
            if (instruction.Code == Stop)
            {
                end = (int)instruction.Offset;
                streams++;
            }
        }

        return end ?? (host[^1] == Stop ? host.Length - 1 : null);
    }
}
