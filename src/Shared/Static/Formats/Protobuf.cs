using System.Text;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Formats;

/// <summary>A message within a file.</summary>
internal readonly record struct Part(long Start, long Size)
{
    public static Part Whole(FileInHand file) => new(0, file.Length);
}

/// <param name="Value">Of a varint.</param>
/// <param name="Content">Of a block; empty for anything else.</param>
internal readonly record struct ProtobufField(long Number, bool IsBlock, long Value, Part Content);

/// <summary>The wire format of protocol buffers, read as far as walking over fields takes.</summary>
internal static class Protobuf
{
    private const int MostFields = 5_000_000;
    private const int LongestText = 4096;
    private const int Varint = 0;
    private const int Block = 2;

    /// <summary>Shows each field of one message to the visitor.</summary>
    /// <returns>Whether the message parses to its end and the visitor never said no.</returns>
    public static bool ForEach(FileInHand file, Part message, Func<ProtobufField, bool> visit)
    {
        var input = file.Reader(message.Start, message.Size);
        for (var count = 0; input.Position < message.Size; count++)
        {
            if ((count & 0xfff) == 0)
            {
                file.Cancel.ThrowIfCancellationRequested();
            }

            if (count >= MostFields || !TryReadVarint(input, out var tag))
            {
                return false;
            }

            var wire = (int)(tag & 7);
            var value = 0L;
            var fine = wire switch
            {
                Varint => TryReadVarint(input, out value),
                1 => input.TrySkip(8),
                Block => TryReadVarint(input, out value) && value >= 0 && value <= message.Size - input.Position,
                5 => input.TrySkip(4),
                _ => false,
            };
            var content = wire == Block ? new Part(message.Start + input.Position, value) : default;
            if (!fine || !visit(new ProtobufField(tag >> 3, wire == Block, value, content)) || !input.TrySkip(content.Size))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Texts of one field, each cut at 4096 bytes.</summary>
    public static List<string> TextsOf(FileInHand file, Part message, int number)
    {
        var texts = new List<string>();
        ForEach(file, message, field =>
        {
            if (field.Number == number && field.IsBlock)
            {
                texts.Add(TextOf(file, field.Content));
            }

            return true;
        });
        return texts;
    }

    public static string TextOf(FileInHand file, Part content) => Encoding.UTF8.GetString(file.Reader(content.Start, content.Size).ReadUpTo(LongestText));

    private static bool TryReadVarint(ByteReader input, out long value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = input.ReadByte();
            if (part < 0)
            {
                return false;
            }

            value |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
