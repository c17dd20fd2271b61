using System.Text;

namespace DynaHug.Worker.Tracing;

/// <summary>
/// Reads protobuf fields from untrusted bytes: no recursion, no allocation but for text that is asked for, and no exception. A reader
/// that met nonsense says so by <see cref="IsMalformed"/> and yields nothing more. Wire format: developers.google.com/protocol-buffers/docs/encoding.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> message = message;
    private int position;

    /// <summary>Number of the field just read.</summary>
    public int Field { get; private set; }

    /// <summary>Value of a varint or fixed-width field; 0 for one of bytes.</summary>
    public ulong Value { get; private set; }

    /// <summary>Content of a field of bytes; empty for a number.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public bool IsMalformed { get; private set; }

    /// <summary>Goes to the next field. False at the end of the message and at the first nonsense.</summary>
    public bool Next()
    {
        if (IsMalformed || position >= message.Length)
        {
            return false;
        }

        Bytes = default;
        Value = 0;
        if (!TryVarint(out var tag) || tag >> 3 is 0 or > (1 << 29) - 1)
        {
            return Malformed();
        }

        Field = (int)(tag >> 3);
        return (tag & 7) switch
        {
            0 => TryVarint(out var value) ? Number(value) : Malformed(),
            1 => Fixed(8),
            2 => TryVarint(out var length) && length <= (ulong)(message.Length - position) ? Content((int)length) : Malformed(),
            5 => Fixed(4),
            _ => Malformed(),
        };
    }

    /// <summary>The bytes as text of at most <paramref name="limit"/> characters; invalid UTF-8 becomes U+FFFD.</summary>
    public readonly string Text(int limit)
    {
        var head = Bytes[..Math.Min(Bytes.Length, limit * 4)];
        var text = Encoding.UTF8.GetString(head);
        return text.Length <= limit ? text : text[..limit];
    }

    private bool Number(ulong value)
    {
        Value = value;
        return true;
    }

    private bool Content(int length)
    {
        Bytes = message.Slice(position, length);
        position += length;
        return true;
    }

    private bool Fixed(int width)
    {
        if (message.Length - position < width)
        {
            return Malformed();
        }

        for (var index = 0; index < width; index++)
        {
            Value |= (ulong)message[position + index] << (8 * index);
        }

        position += width;
        return true;
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70 && position < message.Length; shift += 7)
        {
            var next = message[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private bool Malformed()
    {
        IsMalformed = true;
        return false;
    }
}
