using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace DynaHug.Worker.Tracing;

/// <summary>A Linux <c>sockaddr</c> as a traced program passed it. Every length and family is the program's claim.</summary>
/// <param name="Family">Address family, or -1 where there are too few bytes for one.</param>
/// <param name="Address">For AF_INET and AF_INET6.</param>
/// <param name="Path">For AF_UNIX; abstract names begin with '@'.</param>
internal readonly record struct SocketAddress(int Family, IPEndPoint? Address, string Path)
{
    private const int Unix = 1;
    private const int Internet = 2;
    private const int Internet6 = 10;
    private const int LongestUnixPath = 108;

    public static SocketAddress Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return new SocketAddress(-1, null, "");
        }

        var family = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        return family switch
        {
            Unix => new SocketAddress(family, null, UnixPath(bytes[2..])),
            Internet when bytes.Length >= 8 => new SocketAddress(family, EndPoint(bytes, bytes.Slice(4, 4)), ""),
            Internet6 when bytes.Length >= 24 => new SocketAddress(family, EndPoint(bytes, bytes.Slice(8, 16)), ""),
            _ => new SocketAddress(family, null, ""),
        };
    }

    private static IPEndPoint EndPoint(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> address) =>
        new(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));

    private static string UnixPath(ReadOnlySpan<byte> bytes)
    {
        var name = bytes[..Math.Min(bytes.Length, LongestUnixPath)];
        var prefix = "";
        if (name.Length > 0 && name[0] == 0)
        {
            name = name[1..];
            prefix = "@";
        }

        var end = name.IndexOf((byte)0);
        return prefix + Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
    }
}
