using System.Collections.Frozen;

namespace DynaHug.Crawler.Sparse;

/// <summary>
/// The globals that an understood checkpoint may name, and what may be done with each. Closed: whoever adds a name has to show that
/// calling it with the arguments that <see cref="CheckpointPickle"/> allows never looks at the values of a tensor (docs/adr/0010).
/// </summary>
internal static class ClosedList
{
    public const string OrderedDict = "collections.OrderedDict";
    public const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    public const string RebuildParameter = "torch._utils._rebuild_parameter";
    public const string Size = "torch.Size";
    public const string Device = "torch.device";
    public const string Encode = "_codecs.encode";

    private static readonly FrozenDictionary<string, int> StorageWidths = new Dictionary<string, int>
    {
        ["torch.DoubleStorage"] = 8,
        ["torch.FloatStorage"] = 4,
        ["torch.HalfStorage"] = 2,
        ["torch.BFloat16Storage"] = 2,
        ["torch.LongStorage"] = 8,
        ["torch.IntStorage"] = 4,
        ["torch.ShortStorage"] = 2,
        ["torch.CharStorage"] = 1,
        ["torch.ByteStorage"] = 1,
        ["torch.BoolStorage"] = 1,
        ["torch.ComplexFloatStorage"] = 8,
        ["torch.ComplexDoubleStorage"] = 16,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Calls =
        new[] { OrderedDict, RebuildTensor, RebuildParameter, Size, Device, Encode, "builtins.set", "__builtin__.set" }.ToFrozenSet();

    /// <summary>Named as values only.</summary>
    private static readonly FrozenSet<string> Dtypes = new[]
    {
        "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64", "complex128",
    }.Select(name => $"torch.{name}").ToFrozenSet();

    public static bool Has(string global) => Calls.Contains(global) || Dtypes.Contains(global) || StorageWidths.ContainsKey(global);

    public static bool IsSet(string global) => global is "builtins.set" or "__builtin__.set";

    /// <summary>Bytes of an element of a storage class; null for every other name.</summary>
    public static int? WidthOf(string global) => StorageWidths.TryGetValue(global, out var width) ? width : null;
}
