namespace DynaHug.Shared.Static.Formats;

/// <summary>
/// TensorFlow's SavedModel: graphs of operators. A few operators read and write any file or call Python; and where Keras has left the configuration of
/// its layers, Lambda layers hold code. Source: tensorflow/core/protobuf (<c>SavedModel</c>, <c>MetaGraphDef</c>) and framework (<c>GraphDef</c>, <c>FunctionDef</c>).
/// </summary>
internal static class SavedModel
{
    /// <summary>Operators that no inference needs and that reach out of the graph.</summary>
    private static readonly string[] Reaching =
    [
        "ReadFile", "WriteFile", "PyFunc", "PyFuncStateless", "EagerPyFunc", "MatchingFiles", "WholeFileReader", "WholeFileReaderV2", "TextLineReader", "TextLineReaderV2",
        "FixedLengthRecordReader", "FixedLengthRecordReaderV2", "TFRecordReader", "TFRecordReaderV2", "ImmutableConst", "DataServiceDataset", "DataServiceDatasetV2", "RegisterDataset",
        "TextLineDataset", "TFRecordDataset", "FixedLengthRecordDataset", "SqlDataset", "DebugIdentity", "DebugIdentityV2", "RpcCall", "RpcClient", "RpcServer",
    ];

    public static FormatReading Read(FileInHand file, List<Part> metaGraphs)
    {
        var whole = metaGraphs.TrueForAll(meta => Protobuf.ForEach(file, meta, field => field is not { Number: 2, IsBlock: true } || ReadGraph(file, field.Content)));
        EmbeddedConfigurations.ReadAll(file, file.Length);
        return !whole ? FormatReading.Corrupt(FileFormat.SavedModel, "a graph does not parse to the end")
            : file.Tally.Findings.Any(finding => finding.Id == "reaching-operator")
                ? FormatReading.Unsupported(FileFormat.SavedModel, "a graph with operators that touch files or call Python; no TensorFlow is in the sandbox")
            : KerasConfiguration.Outcome(FileFormat.SavedModel, file.Tally);
    }

    /// <summary>GraphDef: 1 nodes, 2 library of functions (1), whose nodes are 3.</summary>
    private static bool ReadGraph(FileInHand file, Part graph) => Protobuf.ForEach(file, graph, field => field switch
    {
        { Number: 1, IsBlock: true } => ReadNode(file, field.Content),
        { Number: 2, IsBlock: true } => Protobuf.ForEach(file, field.Content, function => function is not { Number: 1, IsBlock: true }
            || Protobuf.ForEach(file, function.Content, part => part is not { Number: 3, IsBlock: true } || ReadNode(file, part.Content))),
        _ => true,
    });

    /// <summary>NodeDef: 1 name, 2 operator.</summary>
    private static bool ReadNode(FileInHand file, Part node)
    {
        var name = "";
        return Protobuf.ForEach(file, node, field =>
        {
            if (field is { Number: 1, IsBlock: true })
            {
                name = Protobuf.TextOf(file, field.Content);
            }
            else if (field is { Number: 2, IsBlock: true } && Protobuf.TextOf(file, field.Content) is var kind && Reaching.Contains(kind))
            {
                file.Tally.Find("reaching-operator", Severity.Dangerous, kind, Printable.Of($"a node {name} of operator {kind}", 200));
            }

            return true;
        });
    }
}
