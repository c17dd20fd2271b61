using System.Text;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Formats;

/// <summary>
/// Protocol buffers that carry models. They have no magic, so the whole top level has to parse with the fields of the schema: ONNX, TensorFlow's
/// SavedModel and its Keras metadata, SentencePiece (<c>ModelProto</c>: a list of pieces and numbers).
/// </summary>
internal static class ProtobufFormats
{
    /// <returns>Null where the file is none of these.</returns>
    public static FormatReading? TryRead(FileInHand file) =>
        file.Head[0] switch
        {
            0x08 => TryReadGraph(file),
            0x0a => TryReadPieces(file) ?? TryReadKerasMetadata(file),
            _ => null,
        };

    private static FormatReading? TryReadGraph(FileInHand file)
    {
        var graphs = new List<Part>();
        var metaGraphs = new List<Part>();
        var domains = new HashSet<string>(StringComparer.Ordinal);
        var whole = Protobuf.ForEach(file, Part.Whole(file), field =>
        {
            switch (field)
            {
                case { Number: 7, IsBlock: true }:
                    graphs.Add(field.Content);
                    break;
                case { Number: 2, IsBlock: true } when LooksLikeMetaGraph(file, field.Content):
                    metaGraphs.Add(field.Content);
                    break;
                case { Number: 8, IsBlock: true }:
                    domains.UnionWith(Protobuf.TextsOf(file, field.Content, 1));
                    break;
            }

            return field.Number is > 0 and <= 32;
        });
        return !whole ? null
            : graphs.Count > 0 ? OnnxGraph.Read(file, graphs, domains)
            : metaGraphs.Count > 0 ? SavedModel.Read(file, metaGraphs)
            : null;
    }

    private static FormatReading? TryReadPieces(FileInHand file)
    {
        var (pieces, trainer) = (0, false);
        var whole = Protobuf.ForEach(file, Part.Whole(file), field =>
        {
            var isPiece = field is { Number: 1, IsBlock: true, Content.Size: < 4096 };
            pieces += isPiece ? 1 : 0;
            trainer |= field is { Number: 2, IsBlock: true };
            return isPiece || field is { Number: > 1 and <= 5, IsBlock: true };
        });
        return whole && trainer && pieces > 2 ? FormatReading.Inert(FileFormat.Sentencepiece, $"a tokenizer of {pieces} pieces") : null;
    }

    /// <summary>TensorFlow's <c>SavedMetadata</c>: nodes, each with its Keras configuration as JSON.</summary>
    private static FormatReading? TryReadKerasMetadata(FileInHand file)
    {
        var whole = Protobuf.ForEach(file, Part.Whole(file), field => field is { Number: 1, IsBlock: true });
        return whole && EmbeddedConfigurations.ReadAll(file, file.Length) > 0 ? KerasConfiguration.Outcome(FileFormat.SavedModel, file.Tally) : null;
    }

    /// <summary>A MetaGraphDef starts with its MetaInfoDef (field 1) or graph (field 2) and is never as short as ONNX's producer name.</summary>
    private static bool LooksLikeMetaGraph(FileInHand file, Part part) => file.Reader(part.Start, 1).Peek() is 0x0a or 0x12;
}
