using System.Buffers.Binary;
using DynaHug.Shared.Static.Pickles;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Injection;

/// <summary>A pickle, alone or several in a row, with a payload among its opcodes.</summary>
internal static class InjectedPickle
{
    /// <summary>What pickles of protocols 0 and 1 begin with, among others.</summary>
    private static readonly byte[] OldStarts = [.. "(]})cI"u8, 0x8A];

    private const byte Frame = 0x95;
    private const byte Protocol = 0x80;
    private const int FrameSize = 9;

    /// <summary>A torch legacy file is five streams and then numbers; the fourth holds the object.</summary>
    private const int ObjectStream = 4;

    /// <returns>Null where the bytes are no pickle.</returns>
    public static byte[]? Of(byte[] host, InjectionMode mode, ReadOnlySpan<byte> payload)
    {
        if (BeginOf(host) is not { } begin)
        {
            return null;
        }

        return mode switch
        {
            InjectionMode.Before => [.. host[..begin], .. payload, .. host[begin..]],
            InjectionMode.Nested => [.. host[..begin], .. Nested([.. payload, .. "N."u8]), .. host[begin..]],
            InjectionMode.Stacked => [Protocol, 2, .. payload, .. "N."u8, .. host],
            _ => After(host, payload),
        };
    }

    /// <summary>Where the first opcode of the object is. Without the mark of a protocol only what can be read as a whole is a pickle: any text may begin like one.</summary>
    private static int? BeginOf(byte[] host) => host switch
    {
        [Protocol, <= 5, _, ..] => 2,
        [var first, ..] when OldStarts.Contains(first) && Run(ByteReader.Of(host)) is { Stopped: true, Plausible: true } => 0,
        _ => null,
    };

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

    /// <summary>Where the STOP of the object's stream is.</summary>
    private static int? EndOf(byte[] host)
    {
        var input = ByteReader.Of(host);
        int? end = null;
        for (var streams = 0; streams < ObjectStream && !input.AtEnd && Run(input) is { Stopped: true, Fault: null }; streams++)
        {
            end = (int)input.Position - 1;
        }

        return end;
    }

    /// <summary>Reads one stream, and joblib's arrays between its opcodes.</summary>
    private static PickleRun Run(ByteReader input)
    {
        var options = new StaticOptions();
        return new PickleScan(options, new ReadingBudget(options), CancellationToken.None).ReadOne(input, new PickleTally(options));
    }
}
