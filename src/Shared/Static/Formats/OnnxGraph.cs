using System.Text.RegularExpressions;

namespace DynaHug.Shared.Static.Formats;

/// <summary>
/// ONNX (onnx.proto3, <c>ModelProto</c>): a graph of operators. With standard operators nothing in the file runs as a program. Operators of other domains are
/// code of somebody's library; external data is read from the path that the file names, wherever it leads.
/// </summary>
internal static partial class OnnxGraph
{
    private const int MostDepth = 16;

    /// <summary>Domains whose operators come with the runtimes themselves.</summary>
    private static readonly string[] Standard =
        ["", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "ai.onnx.preview", "com.microsoft", "com.microsoft.nchwc", "com.microsoft.experimental", "com.ms.internal.nhwc", "org.pytorch.aten"];

    public static FormatReading Read(FileInHand file, List<Part> graphs, HashSet<string> domains)
    {
        var facts = new Facts();
        var whole = graphs.TrueForAll(graph => ReadGraph(file, graph, facts, MostDepth));
        domains.UnionWith(facts.Domains);
        var foreign = domains.Where(domain => !Standard.Contains(domain)).Order(StringComparer.Ordinal).ToList();
        foreach (var (domain, name) in facts.Operators.Where(used => !Standard.Contains(used.Domain) && RunsCode().IsMatch(used.Name)))
        {
            file.Tally.Find("custom-operators", Severity.Dangerous, name, Printable.Of($"an operator {name} of {domain}, by its name one that runs code", 200));
        }

        foreach (var path in facts.Paths.Where(LeadsOutside))
        {
            file.Tally.Find("external-data-outside", Severity.Dangerous, path, Printable.Of($"takes the bytes of a tensor from {path}", 200));
        }

        if (foreign.Count > 0)
        {
            file.Tally.Find("custom-operators", Severity.Unusual, "", Printable.Of($"operators of {string.Join(", ", foreign.Take(8))}", 200));
            return FormatReading.Unsupported(FileFormat.Onnx, "has operators that run code of other libraries");
        }

        return !whole ? FormatReading.Corrupt(FileFormat.Onnx, "its graph does not parse to the end")
            : facts.Paths.Any(LeadsOutside) ? FormatReading.Unsupported(FileFormat.Onnx, "takes tensors from files outside of its folder, which were not followed")
            : FormatReading.Inert(FileFormat.Onnx, "a graph of standard operators; no code of its own");
    }

    /// <summary>GraphProto: 1 nodes, 5 initializers, 15 sparse initializers. NodeProto: 4 op_type, 5 attributes, 7 domain; graphs and tensors within attributes are 5, 6 and 10, 11.</summary>
    private static bool ReadGraph(FileInHand file, Part graph, Facts facts, int depth) => depth > 0 && Protobuf.ForEach(file, graph, field =>
    {
        return field switch
        {
            { Number: 1, IsBlock: true } => ReadNode(file, field.Content, facts, depth),
            { Number: 5, IsBlock: true } => ReadTensor(file, field.Content, facts),
            _ => true,
        };
    });

    private static bool ReadNode(FileInHand file, Part node, Facts facts, int depth)
    {
        var (name, domain) = ("", "");
        var whole = Protobuf.ForEach(file, node, field =>
        {
            switch (field)
            {
                case { Number: 4, IsBlock: true }:
                    name = Protobuf.TextOf(file, field.Content);
                    break;
                case { Number: 7, IsBlock: true }:
                    domain = Protobuf.TextOf(file, field.Content);
                    break;
                case { Number: 5, IsBlock: true }:
                    return Protobuf.ForEach(file, field.Content, part => part switch
                    {
                        { Number: 6 or 11, IsBlock: true } => ReadGraph(file, part.Content, facts, depth - 1),
                        { Number: 5 or 10, IsBlock: true } => ReadTensor(file, part.Content, facts),
                        _ => true,
                    });
            }

            return true;
        });
        facts.Operators.Add((domain, name));
        facts.Domains.Add(domain);
        return whole;
    }

    /// <summary>TensorProto: 13 is its external data, pairs of key (1) and value (2).</summary>
    private static bool ReadTensor(FileInHand file, Part tensor, Facts facts) => Protobuf.ForEach(file, tensor, field =>
    {
        if (field is { Number: 13, IsBlock: true } && Protobuf.TextsOf(file, field.Content, 1).Contains("location"))
        {
            facts.Paths.UnionWith(Protobuf.TextsOf(file, field.Content, 2));
        }

        return true;
    });

    private static bool LeadsOutside(string path) =>
        path.StartsWith('/') || path.StartsWith('\\') || path.StartsWith('~') || path.Contains(':') || path.Split('/', '\\').Contains("..");

    [GeneratedRegex("py(thon|op|func)|exec|shell|system|eval|command|script|process", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex RunsCode();

    private sealed class Facts
    {
        public HashSet<(string Domain, string Name)> Operators { get; } = [];

        public HashSet<string> Domains { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Paths { get; } = new(StringComparer.Ordinal);
    }
}
