using System.Globalization;
using System.Text;

namespace DynaHug.Shared.Static.Pickles;

/// <summary>
/// What the symbolic machine holds in place of Python objects. Values may refer to each other in circles and nest deeply, so nothing
/// walks them but <see cref="Render"/>, which is bounded.
/// </summary>
internal abstract class PickleValue
{
    private const int RenderedDepth = 5;

    /// <summary>The value as Python would write it, cut at about <paramref name="limit"/> characters.</summary>
    public string Render(int limit = 400)
    {
        var text = new StringBuilder();
        Write(text, RenderedDepth, limit);
        return text.Length <= limit ? text.ToString() : text.ToString(0, limit - 1) + "…";
    }

    public void Write(StringBuilder text, int depth, int limit)
    {
        if (depth == 0 || text.Length > limit)
        {
            text.Append('…');
            return;
        }

        WriteParts(text, depth - 1, limit);
    }

    protected abstract void WriteParts(StringBuilder text, int depth, int limit);
}

/// <summary>A value whose content says nothing to us, or that a bound has cut off.</summary>
internal sealed class OpaqueValue(string shown) : PickleValue
{
    public static readonly OpaqueValue Unknown = new("?");
    public static readonly OpaqueValue None = new("None");
    public static readonly OpaqueValue True = new("True");
    public static readonly OpaqueValue False = new("False");

    protected override void WriteParts(StringBuilder text, int depth, int limit) => text.Append(shown);
}

internal sealed class NumberValue(long number) : PickleValue
{
    public long Number => number;

    protected override void WriteParts(StringBuilder text, int depth, int limit) => text.Append(number.ToString(CultureInfo.InvariantCulture));
}

/// <param name="bits">The number as IEEE 754 bits.</param>
internal sealed class FloatValue(long bits) : PickleValue
{
    protected override void WriteParts(StringBuilder text, int depth, int limit) =>
        text.Append(BitConverter.Int64BitsToDouble(bits).ToString("R", CultureInfo.InvariantCulture));
}

internal sealed class TextValue(string content) : PickleValue
{
    public string Content => content;

    protected override void WriteParts(StringBuilder text, int depth, int limit)
    {
        var room = Math.Max(8, limit - text.Length);
        text.Append('"').Append(content.Length > room ? string.Concat(content.AsSpan(0, room), "…") : content).Append('"');
    }
}

/// <param name="start">The first bytes; all of them only where they may hold a program.</param>
/// <param name="length">How many there are in the file.</param>
internal sealed class BytesValue(byte[] start, long length) : PickleValue
{
    private const int Shown = 48;

    public byte[] Start => start;

    public long Length => length;

    protected override void WriteParts(StringBuilder text, int depth, int limit) =>
        text.Append(PickleText.Literal(start.AsSpan(0, Math.Min(Shown, start.Length)))).Append(length > Shown ? "…" : "");
}

/// <summary>A list, tuple, set or dict (keys and values in turn). Only the first items are kept; all are counted.</summary>
internal sealed class ContainerValue(char open, char close, bool keyed = false) : PickleValue
{
    /// <summary>More than the dimensions of any array and the fields of any state we look into.</summary>
    private const int KeptItems = 64;

    private List<PickleValue>? items;

    public IReadOnlyList<PickleValue> Items => items ?? (IReadOnlyList<PickleValue>)[];

    public long Count { get; private set; }

    public static ContainerValue Tuple() => new('(', ')');

    public static ContainerValue List() => new('[', ']');

    public static ContainerValue Dict() => new('{', '}', keyed: true);

    public static ContainerValue Set() => new('{', '}');

    public void Add(PickleValue item)
    {
        Count++;
        if (Count <= KeptItems)
        {
            (items ??= []).Add(item);
        }
    }

    /// <summary>The value of a key of a dict, where both are among the kept items.</summary>
    public PickleValue? Find(string key)
    {
        for (var i = Items.Count - 2; i >= 0; i--)
        {
            if (i % 2 == 0 && Items[i] is TextValue text && text.Content == key)
            {
                return Items[i + 1];
            }
        }

        return null;
    }

    protected override void WriteParts(StringBuilder text, int depth, int limit)
    {
        text.Append(open);
        for (var i = 0; i < Items.Count && text.Length <= limit; i++)
        {
            text.Append(i == 0 ? "" : keyed && i % 2 == 1 ? ": " : ", ");
            Items[i].Write(text, depth, limit);
        }

        text.Append(Count > Items.Count ? ", …" : "").Append(close);
    }
}

/// <summary>What GLOBAL, INST and STACK_GLOBAL name, or an attribute that a chain of getattr calls would reach.</summary>
internal sealed class GlobalValue(string module, string name) : PickleValue
{
    public string Module => module;

    public string Name => name;

    public string Full { get; } = $"{module}.{name}";

    protected override void WriteParts(StringBuilder text, int depth, int limit) => text.Append(module).Append('.').Append(name);
}

/// <summary>A whole module, as a call of <c>__import__</c> gives it.</summary>
internal sealed class ModuleValue(string module) : PickleValue
{
    public string Module => module;

    protected override void WriteParts(StringBuilder text, int depth, int limit) => text.Append(module);
}

/// <summary>The result of calling something, by any of the opcodes that do.</summary>
internal sealed class CallValue(PickleValue callable, PickleValue arguments) : PickleValue
{
    public PickleValue Callable => callable;

    public PickleValue Arguments => arguments;

    /// <summary>What BUILD gave to the object afterwards.</summary>
    public PickleValue? State { get; set; }

    /// <summary>Name of the callable, where it is a global.</summary>
    public string Of => callable is GlobalValue global ? global.Full : "";

    public PickleValue? Argument(int index) => arguments is ContainerValue container && index < container.Items.Count ? container.Items[index] : null;

    protected override void WriteParts(StringBuilder text, int depth, int limit)
    {
        callable.Write(text, depth, limit);
        if (arguments is not ContainerValue container)
        {
            text.Append("(*");
            arguments.Write(text, depth, limit);
            text.Append(')');
            return;
        }

        text.Append('(');
        for (var i = 0; i < container.Items.Count && text.Length <= limit; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            container.Items[i].Write(text, depth, limit);
        }

        text.Append(container.Count > container.Items.Count ? ", …)" : ")");
    }
}

/// <summary>What a loader looks up outside the stream: a storage of a tensor.</summary>
internal sealed class PersistentValue(PickleValue id) : PickleValue
{
    protected override void WriteParts(StringBuilder text, int depth, int limit)
    {
        text.Append("persistent(");
        id.Write(text, depth, limit);
        text.Append(')');
    }
}
