using System.Text;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Formats;

/// <summary>
/// Protocol buffers that carry models. They have no magic, so the whole top level has to parse with the fields of the schema.
/// <list type="bullet">
/// <item>ONNX (onnx.proto3, <c>ModelProto</c>): a graph of operators. With standard operators only there is nothing in the file that runs as a program;
/// operators of other domains are code of somebody's library, and external data names other files: not to be judged here.</item>
/// <item>SentencePiece (<c>ModelProto</c>): a list of pieces and numbers.</item>
/// <item>TensorFlow's SavedModel: a graph that may hold operators such as ReadFile or PyFunc: not to be judged here.</item>
/// </list>
/// </summary>
internal static class ProtobufFormats
{
    private const int MostFields = 2_000_000;
    private const int Varint = 0;
    private const int Block = 2;

    private readonly record struct Field(long Number, int Wire, long Value, long End);

    /// <returns>Null where the file is none of these.</returns>
    public static FormatReading? TryRead(FileInHand file) =>
        file.Head[0] switch
        {
            0x08 => TryReadGraph(file),
            0x0a => TryReadPieces(file),
            _ => null,
        };

    private static FormatReading? TryReadGraph(FileInHand file)
    {
        var (graphs, metaGraphs) = (new List<(long Start, long Size)>(), 0);
        var domains = new HashSet<string>(StringComparer.Ordinal);
        var input = file.Reader();
        var whole = ForEach(input, file.Length, file, field =>
        {
            switch (field)
            {
                case { Number: 7, Wire: Block }:
                    graphs.Add((input.Position, field.Value));
                    break;
                case { Number: 2, Wire: Block } when LooksLikeMetaGraph(file, input.Position):
                    metaGraphs++;
                    break;
                case { Number: 8, Wire: Block }:
                    domains.UnionWith(TextsOf(file, input.Position, field.Value, 1));
                    break;
            }

            return field.Number is > 0 and <= 32;
        });
        if (!whole || (graphs.Count == 0 && metaGraphs == 0))
        {
            return null;
        }

        if (graphs.Count == 0)
        {
            return FormatReading.Unsupported(FileFormat.Unknown, "a TensorFlow SavedModel; its graph may read files or call Python, and no TensorFlow is in the sandbox");
        }

        var foreign = domains.Where(domain => !IsStandard(domain)).Order(StringComparer.Ordinal).ToList();
        if (foreign.Count > 0)
        {
            file.Tally.Find("custom-operators", Severity.Unusual, "", Printable.Of($"operators of {string.Join(", ", foreign.Take(8))}", 200));
            return FormatReading.Unsupported(FileFormat.Onnx, "has operators that run code of other libraries");
        }

        if (graphs.Any(graph => HasExternalData(file, graph.Start, graph.Size)))
        {
            return FormatReading.Unsupported(FileFormat.Onnx, "takes tensors from other files, which were not followed");
        }

        return FormatReading.Inert(FileFormat.Onnx, "a graph of standard operators; no code of its own");
    }

    private static bool IsStandard(string domain) => domain is "" or "ai.onnx" or "ai.onnx.ml" or "ai.onnx.training" or "ai.onnx.preview.training";

    /// <summary>Whether an initializer (GraphProto field 5) has entries of external data (TensorProto field 13).</summary>
    private static bool HasExternalData(FileInHand file, long start, long size)
    {
        var found = false;
        var input = file.Reader(start, size);
        var whole = ForEach(input, size, file, field =>
        {
            if (field is { Number: 5, Wire: Block })
            {
                var tensor = file.Reader(start + input.Position, field.Value);
                found |= !ForEach(tensor, field.Value, file, part =>
                {
                    found |= part is { Number: 13, Wire: Block };
                    return true;
                });
            }

            return true;
        });
        return found || !whole;
    }

    private static FormatReading? TryReadPieces(FileInHand file)
    {
        var (pieces, trainer) = (0, false);
        var input = file.Reader();
        var whole = ForEach(input, file.Length, file, field =>
        {
            pieces += field is { Number: 1, Wire: Block, Value: < 4096 } ? 1 : 0;
            trainer |= field is { Number: 2, Wire: Block };
            return field is { Number: 1, Wire: Block, Value: < 4096 } or { Number: > 1 and <= 5, Wire: Block };
        });
        return whole && trainer && pieces > 2 ? FormatReading.Inert(FileFormat.Sentencepiece, $"a tokenizer of {pieces} pieces") : null;
    }

    /// <summary>A MetaGraphDef starts with its MetaInfoDef (field 1) and is never as short as ONNX's producer name.</summary>
    private static bool LooksLikeMetaGraph(FileInHand file, long start) => file.Reader(start, 1).Peek() == 0x0a;

    private static List<string> TextsOf(FileInHand file, long start, long size, int number)
    {
        var texts = new List<string>();
        var input = file.Reader(start, size);
        ForEach(input, size, file, field =>
        {
            if (field.Number == number && field.Wire == Block)
            {
                texts.Add(Encoding.UTF8.GetString(file.Reader(start + input.Position, Math.Min(field.Value, 256)).ReadUpTo(256)));
            }

            return true;
        });
        return texts;
    }

    /// <summary>Walks the fields of one message; the visitor sees each with the input at its content, which is then passed over.</summary>
    /// <returns>Whether the message parses to its end and the visitor never said no.</returns>
    private static bool ForEach(ByteReader input, long size, FileInHand file, Func<Field, bool> visit)
    {
        for (var count = 0; input.Position < size; count++)
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
                Block => TryReadVarint(input, out value) && value >= 0 && value <= size - input.Position,
                5 => input.TrySkip(4),
                _ => false,
            };
            var end = input.Position + (wire == Block ? value : 0);
            if (!fine || !visit(new Field(tag >> 3, wire, value, end)) || !input.TrySkip(end - input.Position))
            {
                return false;
            }
        }

        return true;
    }

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
