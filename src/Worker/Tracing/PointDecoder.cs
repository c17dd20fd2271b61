using System.Buffers.Binary;
using System.Net;
using System.Text;
using DynaHug.Shared;
using Google.Protobuf;

namespace DynaHug.Worker.Tracing;

/// <summary>
/// Reads one message of gVisor's remote sink: an 8-byte little-endian header (header size u16, message type u16, dropped count u32) and
/// a protobuf body (gVisor's <c>pkg/sentry/seccheck/points</c>, release 20221219). The load chooses what paths and arguments say, so
/// every field is bounded and anything malformed is refused, never thrown.
/// </summary>
public static class PointDecoder
{
    public const int MaxPath = 4096;
    public const int MaxArguments = 64;
    public const int MaxArgument = 1024;

    private const int HeaderSize = 8;
    private const int RawSyscall = 6;

    /// <param name="dropped">Events that the sandbox says it has dropped so far.</param>
    /// <returns>Null for a malformed message.</returns>
    public static TraceEvent? Decode(ReadOnlySpan<byte> message, out uint dropped)
    {
        dropped = 0;
        if (message.Length < HeaderSize)
        {
            return null;
        }

        var headerSize = BinaryPrimitives.ReadUInt16LittleEndian(message);
        var type = BinaryPrimitives.ReadUInt16LittleEndian(message[2..]);
        dropped = BinaryPrimitives.ReadUInt32LittleEndian(message[4..]);
        if (headerSize < HeaderSize || headerSize > message.Length)
        {
            return null;
        }

        try
        {
            return EventOf(type, Fields.Read(message[headerSize..].ToArray()));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static TraceEvent EventOf(int type, Fields body)
    {
        var context = body.Message(1);
        var thread = (int)context.Number(2);
        var process = (int)context.Number(4);
        var number = (int)Math.Min(body.Number(3), int.MaxValue);
        return type switch
        {
            RawSyscall => new TraceEvent(
                TracePoint.Syscall, process, thread, (int)Math.Min(body.Number(4), int.MaxValue), [.. Enumerable.Range(5, 6).Select(body.Number)]),
            1 => new TraceEvent(TracePoint.ContainerStart, process, thread, -1, []),
            2 => new TraceEvent(TracePoint.Clone, process, thread, -1, [], Created: (int)body.Number(2), CreatedProcess: (int)body.Number(3)),
            3 => new TraceEvent(TracePoint.Exec, process, thread, -1, [], Path: body.Text(2, MaxPath), Argv: body.Texts(3)),
            4 => new TraceEvent(TracePoint.ExitNotifyParent, process, thread, -1, [], Status: (long)body.Number(2)),
            5 => new TraceEvent(TracePoint.TaskExit, process, thread, -1, [], Status: (long)body.Number(2)),
            7 => new TraceEvent(TracePoint.Open, process, thread, number, [], Path: body.Text(6, MaxPath), Status: (long)body.Number(7)),
            10 => WithAddress(new TraceEvent(TracePoint.Connect, process, thread, number, []), body),
            11 => new TraceEvent(TracePoint.ExecAttempt, process, thread, number, [], Path: body.Text(6, MaxPath), Argv: body.Texts(7)),
            12 => new TraceEvent(TracePoint.Socket, process, thread, number, [body.Number(4), body.Number(5), body.Number(6)], AddressFamily: (int)body.Number(4)),
            24 => WithAddress(new TraceEvent(TracePoint.Bind, process, thread, number, []), body),
            _ => new TraceEvent(TracePoint.OtherTyped, process, thread, number, []),
        };
    }

    /// <summary>A sockaddr as the kernel takes it: family u16 little-endian, then port big-endian and address, or a Unix path.</summary>
    private static TraceEvent WithAddress(TraceEvent point, Fields body)
    {
        var raw = body.Bytes(5) is { Length: > 0 } five ? five : body.Bytes(6);
        if (raw.Length < 2)
        {
            return point;
        }

        var family = BinaryPrimitives.ReadUInt16LittleEndian(raw);
        return point with
        {
            AddressFamily = family,
            Address = family switch
            {
                2 when raw.Length >= 8 => Endpoint(raw.AsSpan(4, 4), raw),
                10 when raw.Length >= 24 => Endpoint(raw.AsSpan(8, 16), raw),
                _ => "",
            },
            Path = family == 1 ? Printable.Of(Encoding.UTF8.GetString(raw.AsSpan(2)).TrimEnd('\0'), MaxArgument) : "",
        };
    }

    private static string Endpoint(ReadOnlySpan<byte> address, byte[] raw) =>
        new IPEndPoint(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(raw.AsSpan(2))).ToString();

    /// <summary>The fields of one protobuf message by number; the last value of a number wins, as protobuf says.</summary>
    private sealed class Fields
    {
        private static readonly Fields None = new();

        private readonly Dictionary<int, ulong> numbers = [];
        private readonly Dictionary<int, List<byte[]>> texts = [];

        public static Fields Read(byte[] body)
        {
            var fields = new Fields();
            var input = new CodedInputStream(body);
            uint tag;
            while ((tag = input.ReadTag()) != 0)
            {
                var field = WireFormat.GetTagFieldNumber(tag);
                switch (WireFormat.GetTagWireType(tag))
                {
                    case WireFormat.WireType.Varint:
                        fields.numbers[field] = input.ReadUInt64();
                        break;
                    case WireFormat.WireType.LengthDelimited:
                        fields.Add(field, input.ReadBytes().ToByteArray());
                        break;
                    default:
                        input.SkipLastField();
                        break;
                }
            }

            return fields;
        }

        public ulong Number(int field) => numbers.GetValueOrDefault(field);

        public byte[] Bytes(int field) => texts.TryGetValue(field, out var values) ? values[^1] : [];

        public Fields Message(int field) => texts.TryGetValue(field, out var values) ? Read(values[^1]) : None;

        public string Text(int field, int limit) => Printable.Of(Encoding.UTF8.GetString(Bytes(field)), limit);

        public IReadOnlyList<string> Texts(int field) =>
            texts.TryGetValue(field, out var values)
                ? [.. values.Take(MaxArguments).Select(value => Printable.Of(Encoding.UTF8.GetString(value), MaxArgument))]
                : [];

        private void Add(int field, byte[] value)
        {
            if (!texts.TryGetValue(field, out var values))
            {
                texts[field] = values = [];
            }

            values.Add(value);
        }
    }
}
