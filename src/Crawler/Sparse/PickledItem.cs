namespace DynaHug.Crawler.Sparse;

/// <summary>What an item of an understood pickle is.</summary>
internal enum ItemKind
{
    None,
    Bool,
    Int,
    Float,
    Text,
    Bytes,
    Tuple,
    List,
    Dict,
    OrderedDict,
    Set,

    /// <summary>A name of the closed list, not called yet.</summary>
    Global,

    /// <summary>The bytes of a tensor, outside of the pickle.</summary>
    Storage,
    Tensor,

    /// <summary>torch.Size, torch.device.</summary>
    Setting,
}

/// <summary>One item on the stack of <see cref="CheckpointPickle"/>.</summary>
internal sealed class PickledItem(ItemKind kind)
{
    public ItemKind Kind => kind;

    /// <summary>Of a text (its first 1024 characters), or the name of a global.</summary>
    public string Text { get; init; } = "";

    public long Number { get; init; }

    /// <summary>Of tuples, lists and sets, as far as they are filled.</summary>
    public List<PickledItem> Items { get; init; } = [];

    /// <summary>Whether a dict holds nothing but <c>_metadata</c>: the one attribute that an OrderedDict may be given.</summary>
    public bool OnlyMetadata { get; set; } = true;

    /// <summary>May be a key of a dict or a member of a set without its comparison running anything or reading a tensor.</summary>
    public bool IsPlainKey { get; init; }

    public bool IsTupleOfSizes => kind == ItemKind.Tuple && Items.TrueForAll(item => item is { Kind: ItemKind.Int, Number: >= 0 });

    public static PickledItem Tuple(List<PickledItem> items) => new(ItemKind.Tuple) { Items = items, IsPlainKey = items.TrueForAll(item => item.IsPlainKey) };
}

/// <summary>A tensor storage that a pickle names.</summary>
/// <param name="Key">Name within the file: digits.</param>
/// <param name="Elements">Number of elements.</param>
/// <param name="Width">Bytes of an element.</param>
internal sealed record PickledStorage(string Key, long Elements, int Width)
{
    public long Bytes => Elements * Width;
}
