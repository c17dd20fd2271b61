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
    private byte[]? nested;

    /// <summary>The first thing a real unpickler would have refused; null while there is none.</summary>
    public string? Fault { get; private set; }

    /// <summary>Highest protocol declared.</summary>
    public int Protocol { get; private set; }

    /// <summary>The object that BUILD last gave a state to.</summary>
    public CallValue? LastBuilt { get; private set; }

    /// <summary>Content that the last call handed to a callable that is a loader itself, to be read next; null where there is none.</summary>
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
            var bound = $"more than {tally.Options.MaxValues} values in stack and memo at byte {step.Offset}; the rest is only partly followed";
            tally.Find("unreadable", Severity.Unusual, "values", bound);
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
                var unknown = $"extension code {step.Number} names a callable that only the loading program knows";
                tally.Find("extension-registry", Severity.Unusual, $"{step.Number}", unknown);
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
}
