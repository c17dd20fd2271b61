namespace DynaHug.Shared.Static.Pickles;

/// <summary>
/// The pickle machine run on symbols: it keeps stack, marks and memo as CPython's unpickler does, but a global stays a name and a call
/// stays a term, so nothing runs and every callable shows with its arguments, however it reached the stack. Where CPython would
/// raise (an empty stack, an unknown memo index) it goes on with an unknown value and remembers it in <see cref="Fault"/>.
/// </summary>
internal sealed partial class PickleMachine(PickleTally tally)
{
    private readonly List<PickleValue> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<long, PickleValue> memo = [];
    private bool full;

    /// <summary>The first thing a real unpickler would have refused; null while there is none.</summary>
    public string? Fault { get; private set; }

    /// <summary>Content handed to a callable that is a loader itself, to be read next; taken by <see cref="TakeNested"/>.</summary>
    private byte[]? nested;

    /// <summary>Highest protocol declared.</summary>
    public int Protocol { get; private set; }

    /// <summary>The object that BUILD last gave a state to.</summary>
    public CallValue? LastBuilt { get; private set; }

    public byte[]? TakeNested()
    {
        var taken = nested;
        nested = null;
        return taken;
    }

    public void Step(in PickleInstruction step)
    {
        LastBuilt = null;
        if (!full && stack.Count + memo.Count + marks.Count > tally.Options.MaxValues)
        {
            full = true;
            tally.Find("unreadable", Severity.Unusual, "values", $"more than {tally.Options.MaxValues} values in stack and memo at byte {step.Offset}; the rest is only partly followed");
            memo.Clear();
            stack.Clear();
            marks.Clear();
        }

        switch (step.OpcodeName)
        {
            case "INT" or "BININT" or "BININT1" or "BININT2" or "LONG" or "LONG1" or "LONG4":
                Push(step is { Text: "00" } ? OpaqueValue.False : step is { Text: "01" } ? OpaqueValue.True : new NumberValue(step.Number));
                break;
            case "STRING" or "BINSTRING" or "SHORT_BINSTRING" or "UNICODE" or "SHORT_BINUNICODE" or "BINUNICODE" or "BINUNICODE8":
                Push(new TextValue(step.Text ?? ""));
                break;
            case "BINBYTES" or "SHORT_BINBYTES" or "BINBYTES8" or "BYTEARRAY8":
                Push(new BytesValue(step.Data ?? [], step.Number));
                break;
            case "FLOAT":
                Push(new OpaqueValue(step.Text ?? "?"));
                break;
            case "BINFLOAT":
                Push(new FloatValue(step.Number));
                break;
            case "NONE":
                Push(OpaqueValue.None);
                break;
            case "NEWTRUE":
                Push(OpaqueValue.True);
                break;
            case "NEWFALSE":
                Push(OpaqueValue.False);
                break;
            case "NEXT_BUFFER":
                Push(OpaqueValue.Unknown);
                break;
            case "EMPTY_LIST":
                Push(ContainerValue.List());
                break;
            case "EMPTY_TUPLE":
                Push(ContainerValue.Tuple());
                break;
            case "EMPTY_DICT":
                Push(ContainerValue.Dict());
                break;
            case "EMPTY_SET":
                Push(ContainerValue.Set());
                break;
            case "LIST":
                PushSlice(ContainerValue.List());
                break;
            case "TUPLE":
                PushSlice(ContainerValue.Tuple());
                break;
            case "DICT":
                PushSlice(ContainerValue.Dict());
                break;
            case "FROZENSET":
                PushSlice(ContainerValue.Set());
                break;
            case "TUPLE1":
                PushLast(1);
                break;
            case "TUPLE2":
                PushLast(2);
                break;
            case "TUPLE3":
                PushLast(3);
                break;
            case "APPEND":
                AddTo([Pop()]);
                break;
            case "SETITEM":
                var value = Pop();
                AddTo([Pop(), value]);
                break;
            case "APPENDS" or "SETITEMS" or "ADDITEMS":
                AddTo(PopSlice());
                break;
            case "POP":
                PopOrUnmark();
                break;
            case "POP_MARK":
                PopSlice();
                break;
            case "DUP":
                Push(Top());
                break;
            case "MARK":
                marks.Add(stack.Count);
                break;
            case "GET" or "BINGET" or "LONG_BINGET":
                Push(Recall(step.Number));
                break;
            case "PUT" or "BINPUT" or "LONG_BINPUT":
                memo[step.Number] = Top();
                break;
            case "MEMOIZE":
                memo[memo.Count] = Top();
                break;
            case "EXT1" or "EXT2" or "EXT4":
                tally.Find("extension-registry", Severity.Unusual, $"{step.Number}", $"extension code {step.Number} names a callable that only the loading program knows");
                Push(new OpaqueValue($"extension({step.Number})"));
                break;
            case "GLOBAL":
                Push(Refer(step.Text ?? "", step.Name ?? ""));
                break;
            case "STACK_GLOBAL":
                var name = Pop();
                Push(NamedBy(Pop(), name));
                break;
            case "REDUCE":
                var arguments = Pop();
                Push(Call(Pop(), arguments));
                break;
            case "NEWOBJ":
                var fields = Pop();
                Push(Call(Pop(), fields));
                break;
            case "NEWOBJ_EX":
                var keywords = Pop();
                var positional = Pop();
                Push(Call(Pop(), WithKeywords(positional, keywords)));
                break;
            case "OBJ":
                var parts = PopSlice();
                Push(parts.Count == 0 ? Unexpected("OBJ without a class") : Call(parts[0], TupleOf(parts.Skip(1))));
                break;
            case "INST":
                var given = TupleOf(PopSlice());
                Push(Call(Refer(step.Text ?? "", step.Name ?? ""), given));
                break;
            case "BUILD":
                Build(Pop(), Top());
                break;
            case "PERSID":
                tally.CountStorage(step.Text ?? "");
                Push(new PersistentValue(new TextValue(step.Text ?? "")));
                break;
            case "BINPERSID":
                var id = Pop();
                tally.CountStorage(KeyOf(id));
                Push(new PersistentValue(id));
                break;
            case "PROTO":
                Protocol = Math.Max(Protocol, (int)step.Number);
                break;
        }
    }

    /// <summary>What STOP gives: the value on top.</summary>
    public PickleValue Result() => Top();

    private void Push(PickleValue value) => stack.Add(value);

    private OpaqueValue Unexpected(string what)
    {
        // Once the values were let go of, missing ones are our doing.
        Fault ??= full ? null : what;
        return OpaqueValue.Unknown;
    }

    private PickleValue Top()
    {
        if (stack.Count == 0)
        {
            return Unexpected("the stack is empty");
        }

        return stack[stack.Count - 1];
    }

    private PickleValue Pop()
    {
        if (stack.Count == 0 || (marks.Count > 0 && marks[^1] >= stack.Count))
        {
            return Unexpected("the stack is empty");
        }

        var value = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private void PopOrUnmark()
    {
        if (marks.Count > 0 && marks[^1] == stack.Count)
        {
            marks.RemoveAt(marks.Count - 1);
        }
        else
        {
            Pop();
        }
    }

    private List<PickleValue> PopSlice()
    {
        if (marks.Count == 0)
        {
            Unexpected("there is no mark");
            return [];
        }

        var start = Math.Min(marks[^1], stack.Count);
        marks.RemoveAt(marks.Count - 1);
        var slice = stack.GetRange(start, stack.Count - start);
        stack.RemoveRange(start, slice.Count);
        return slice;
    }

    private void PushSlice(ContainerValue container) => Push(Filled(container, PopSlice()));

    private void PushLast(int count)
    {
        var items = new PickleValue[count];
        for (var i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        Push(TupleOf(items));
    }

    private static ContainerValue TupleOf(IEnumerable<PickleValue> items) => Filled(ContainerValue.Tuple(), items);

    private static ContainerValue Filled(ContainerValue container, IEnumerable<PickleValue> items)
    {
        foreach (var item in items)
        {
            container.Add(item);
        }

        return container;
    }

    private static ContainerValue WithKeywords(PickleValue positional, PickleValue keywords)
    {
        var all = TupleOf(positional is ContainerValue given ? given.Items : [positional]);
        if (keywords is not ContainerValue { Count: 0 })
        {
            all.Add(keywords);
        }

        return all;
    }

    private void AddTo(IReadOnlyList<PickleValue> items)
    {
        switch (Top())
        {
            case ContainerValue container:
                Filled(container, items);
                break;
            case GlobalValue or ModuleValue:
                Patch(Top(), Filled(ContainerValue.List(), items));
                break;
            case CallValue { Callable: GlobalValue { Name: "dict" or "OrderedDict" or "defaultdict" } } made:
                made.State = Filled(made.State as ContainerValue ?? ContainerValue.Dict(), items);
                break;
        }
    }

    private PickleValue Recall(long index) => memo.TryGetValue(index, out var value) ? value : Unexpected($"memo index {index} is not set");

    /// <summary>Torch names a storage by a tuple whose third part is its key; others use any id.</summary>
    private static string KeyOf(PickleValue id) => id is ContainerValue { Items.Count: > 2 } parts ? parts.Items[2].Render(64) : id.Render(64);
}
