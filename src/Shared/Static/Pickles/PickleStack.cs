namespace DynaHug.Shared.Static.Pickles;

/// <summary>The machine's stack, marks and memo, and the containers built on them.</summary>
internal sealed partial class PickleMachine
{
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
