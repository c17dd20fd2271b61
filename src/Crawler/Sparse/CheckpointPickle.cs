using DynaHug.Shared.Static.Pickles;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Crawler.Sparse;

/// <summary>
/// Reads a pickle of a checkpoint with a strictness that proves one thing: whatever bytes the tensors hold, loading it does the same.
/// It knows few opcodes, few globals (<see cref="ClosedList"/>), and few forms of arguments for each; anything else is not understood.
/// A static reader that says what a pickle could do is another matter and lies in Shared/Static: that one has to read everything, this
/// one may refuse.
/// </summary>
internal sealed class CheckpointPickle
{
    private const int MaxOpcodes = 5_000_000;

    private readonly PickleReader reader;
    private readonly bool legacy;
    private readonly List<PickledItem> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<long, PickledItem> memo = [];
    private readonly Dictionary<string, PickledStorage> storages = new(StringComparer.Ordinal);

    /// <param name="legacy">Storages are named as before torch 1.6: with a view behind the number of elements, which must be none.</param>
    public CheckpointPickle(ByteReader input, bool legacy)
    {
        this.legacy = legacy;
        reader = new PickleReader(input);
    }

    /// <summary>The storages that the pickle names, by key.</summary>
    public IReadOnlyDictionary<string, PickledStorage> Storages => storages;

    /// <summary>The pickle reaches past the bytes at hand; more of them may help.</summary>
    public bool NeedsMore { get; private set; }

    /// <summary>Reads one stream to its STOP and gives what it leaves.</summary>
    /// <exception cref="NotUnderstoodException">It holds anything that is not known to be independent of tensors.</exception>
    public PickledItem ReadOne()
    {
        stack.Clear();
        marks.Clear();
        memo.Clear();
        for (var count = 0; count < MaxOpcodes; count++)
        {
            if (!reader.TryRead(out var step))
            {
                var problem = reader.Problem ?? "broken pickle";
                NeedsMore = !problem.StartsWith("no opcode", StringComparison.Ordinal);
                throw Odd(problem);
            }

            if (step.Code == (byte)'.')
            {
                return stack.Count == 1 && marks.Count == 0 ? stack[0] : throw Odd("the pickle leaves more or less than one object");
            }

            Step(step);
        }

        throw Odd($"more than {MaxOpcodes} opcodes");
    }

    private void Step(in PickleInstruction step)
    {
        switch (step.OpcodeName)
        {
            case "PROTO" when step.Number is >= 2 and <= 5:
            case "FRAME":
                break;
            case "NONE":
                Push(Plain(ItemKind.None));
                break;
            case "NEWTRUE" or "NEWFALSE":
                Push(Plain(ItemKind.Bool));
                break;
            case "BININT" or "BININT1" or "BININT2" or "LONG1":
                Push(new PickledItem(ItemKind.Int) { Number = step.Number, IsPlainKey = true });
                break;
            case "BINFLOAT":
                Push(Plain(ItemKind.Float));
                break;
            case "BINUNICODE" or "SHORT_BINUNICODE":
                Push(new PickledItem(ItemKind.Text) { Text = step.Text ?? "", IsPlainKey = true });
                break;
            case "BINBYTES" or "SHORT_BINBYTES":
                Push(Plain(ItemKind.Bytes));
                break;
            case "EMPTY_TUPLE":
                Push(PickledItem.Tuple([]));
                break;
            case "EMPTY_LIST":
                Push(new PickledItem(ItemKind.List));
                break;
            case "EMPTY_DICT":
                Push(new PickledItem(ItemKind.Dict));
                break;
            case "EMPTY_SET":
                Push(new PickledItem(ItemKind.Set));
                break;
            case "MARK":
                marks.Add(stack.Count);
                break;
            case "TUPLE":
                Push(PickledItem.Tuple(PopSlice()));
                break;
            case "TUPLE1":
                Push(PickledItem.Tuple(PopLast(1)));
                break;
            case "TUPLE2":
                Push(PickledItem.Tuple(PopLast(2)));
                break;
            case "TUPLE3":
                Push(PickledItem.Tuple(PopLast(3)));
                break;
            case "APPEND":
                Append(PopLast(1));
                break;
            case "APPENDS":
                Append(PopSlice());
                break;
            case "ADDITEMS":
                AddToSet(PopSlice());
                break;
            case "SETITEM":
                SetItems(PopLast(2));
                break;
            case "SETITEMS":
                SetItems(PopSlice());
                break;
            case "BINPUT" or "LONG_BINPUT":
                memo[step.Number] = Top();
                break;
            case "MEMOIZE":
                memo[memo.Count] = Top();
                break;
            case "BINGET" or "LONG_BINGET":
                Push(memo.TryGetValue(step.Number, out var known) ? known : throw Odd($"memo index {step.Number} is not set"));
                break;
            case "GLOBAL":
                Push(GlobalOf(step.Text ?? "", step.Name ?? ""));
                break;
            case "STACK_GLOBAL":
                var names = PopLast(2);
                Push(names.TrueForAll(name => name.Kind == ItemKind.Text) ? GlobalOf(names[0].Text, names[1].Text) : throw Odd("a global is named by computed values"));
                break;
            case "REDUCE":
                var call = PopLast(2);
                Push(Call(call[0], call[1]));
                break;
            case "BUILD":
                Build(Pop());
                break;
            case "BINPERSID":
                Push(StorageOf(Pop()));
                break;
            default:
                throw Odd($"opcode {step.OpcodeName}");
        }
    }

    private static PickledItem GlobalOf(string module, string name)
    {
        var full = $"{module}.{name}";
        return ClosedList.Has(full) ? new PickledItem(ItemKind.Global) { Text = full, IsPlainKey = true } : throw Odd($"global {Shared.Printable.Of(full, 100)}");
    }

    /// <summary>The result of a call whose arguments have one of the known forms.</summary>
    private static PickledItem Call(PickledItem callable, PickledItem arguments)
    {
        if (callable.Kind != ItemKind.Global || arguments.Kind != ItemKind.Tuple)
        {
            throw Odd("something other than a named global is called");
        }

        var given = arguments.Items;
        var result = callable.Text switch
        {
            ClosedList.OrderedDict when given.Count == 0 => new PickledItem(ItemKind.OrderedDict),
            ClosedList.RebuildTensor when given is
                [{ Kind: ItemKind.Storage }, { Kind: ItemKind.Int, Number: >= 0 }, { IsTupleOfSizes: true }, { IsTupleOfSizes: true }, { Kind: ItemKind.Bool }, { Kind: ItemKind.OrderedDict }]
                => new PickledItem(ItemKind.Tensor),
            ClosedList.RebuildParameter when given is [{ Kind: ItemKind.Tensor }, { Kind: ItemKind.Bool }, { Kind: ItemKind.OrderedDict }] => new PickledItem(ItemKind.Tensor),
            ClosedList.Size when given is [{ IsTupleOfSizes: true }] => Plain(ItemKind.Setting),
            ClosedList.Device when given is [{ Kind: ItemKind.Text }] or [{ Kind: ItemKind.Text }, { Kind: ItemKind.Int }] => Plain(ItemKind.Setting),
            ClosedList.Encode when given is [{ Kind: ItemKind.Text }, { Kind: ItemKind.Text, Text: "latin1" }] => Plain(ItemKind.Bytes),
            var name when ClosedList.IsSet(name) && given is [{ Kind: ItemKind.List } list] && list.Items.TrueForAll(item => item.IsPlainKey) => new PickledItem(ItemKind.Set),
            _ => null,
        };
        return result ?? throw Odd($"{callable.Text} is called with other arguments than usual");
    }

    /// <summary><c>("storage", class, key, location, elements)</c>, as torch.save names the bytes of a tensor.</summary>
    private PickledItem StorageOf(PickledItem id)
    {
        if (id is not { Kind: ItemKind.Tuple, Items: [{ Kind: ItemKind.Text, Text: "storage" }, { Kind: ItemKind.Global } kind, { Kind: ItemKind.Text } key, { Kind: ItemKind.Text }, { Kind: ItemKind.Int, Number: >= 0 } elements, .. var view] }
            || ClosedList.WidthOf(kind.Text) is not { } width
            || key.Text.Length is 0 or > 20 || !key.Text.All(char.IsAsciiDigit)
            || elements.Number > long.MaxValue / 32
            || !(legacy ? view is [{ Kind: ItemKind.None }] : view.Count == 0))
        {
            throw Odd("a storage is named otherwise than torch does");
        }

        var storage = new PickledStorage(key.Text, elements.Number, width);
        if (storages.TryGetValue(storage.Key, out var known) && known != storage)
        {
            throw Odd($"storage {storage.Key} is named twice, with different sizes");
        }

        storages[storage.Key] = storage;
        return new PickledItem(ItemKind.Storage);
    }

    private void Append(List<PickledItem> items)
    {
        var list = Top() is { Kind: ItemKind.List } target ? target : throw Odd("items are appended to something other than a list");
        list.Items.AddRange(items);
    }

    private void AddToSet(List<PickledItem> items)
    {
        if (Top().Kind != ItemKind.Set || !items.TrueForAll(item => item.IsPlainKey))
        {
            throw Odd("a set of other things than plain values");
        }
    }

    private void SetItems(List<PickledItem> items)
    {
        var target = Top();
        if (target.Kind is not (ItemKind.Dict or ItemKind.OrderedDict) || items.Count % 2 != 0)
        {
            throw Odd("items are set in something other than a dict");
        }

        for (var i = 0; i < items.Count; i += 2)
        {
            if (!items[i].IsPlainKey)
            {
                throw Odd("a dict with other keys than plain values");
            }

            target.OnlyMetadata &= items[i] is { Kind: ItemKind.Text, Text: "_metadata" };
        }
    }

    /// <summary>A module's state dict is an OrderedDict with one attribute; any other could change what later opcodes call.</summary>
    private void Build(PickledItem state)
    {
        if (Top().Kind != ItemKind.OrderedDict || state is not { Kind: ItemKind.Dict, OnlyMetadata: true })
        {
            throw Odd("an object is given a state");
        }
    }

    private static PickledItem Plain(ItemKind kind) => new(kind) { IsPlainKey = true };

    private void Push(PickledItem item) => stack.Add(item);

    private PickledItem Top() => stack.Count > Floor ? stack[^1] : throw Odd("the stack is empty");

    private PickledItem Pop()
    {
        var item = Top();
        stack.RemoveAt(stack.Count - 1);
        return item;
    }

    private List<PickledItem> PopLast(int count)
    {
        if (stack.Count - count < Floor)
        {
            throw Odd("the stack is empty");
        }

        var items = stack.GetRange(stack.Count - count, count);
        stack.RemoveRange(stack.Count - count, count);
        return items;
    }

    private List<PickledItem> PopSlice()
    {
        if (marks.Count == 0)
        {
            throw Odd("there is no mark");
        }

        var items = stack.GetRange(marks[^1], stack.Count - marks[^1]);
        stack.RemoveRange(marks[^1], items.Count);
        marks.RemoveAt(marks.Count - 1);
        return items;
    }

    /// <summary>Where the innermost open mark stands: nothing below it can be reached before it is closed.</summary>
    private int Floor => marks.Count > 0 ? marks[^1] : 0;

    private static NotUnderstoodException Odd(string what) => new(what);
}
