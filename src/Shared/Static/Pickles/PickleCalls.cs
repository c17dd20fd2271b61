using System.Text.RegularExpressions;
using DynaHug.Shared.Static.Code;

namespace DynaHug.Shared.Static.Pickles;

/// <summary>The part of the machine that knows what names and calls mean.</summary>
internal sealed partial class PickleMachine
{
    private const int EvidenceLength = 300;
    private const int WordDepth = 4;

    private GlobalValue Refer(string module, string name)
    {
        var global = new GlobalValue(module, name);
        if (tally.Refer(global) == Callable.Dangerous)
        {
            tally.Find("dangerous-global", Severity.Dangerous, global.Full, Printable.Of(global.Full, EvidenceLength));
        }

        return global;
    }

    private PickleValue NamedBy(PickleValue module, PickleValue name)
    {
        if (module is TextValue package && name is TextValue what)
        {
            return Refer(package.Content, what.Content);
        }

        var computed = Printable.Of($"names a global by computed values: {module.Render(100)} {name.Render(100)}");
        tally.Find("computed-global", Severity.Unusual, "", computed);
        return new OpaqueValue($"global({module.Render(64)}, {name.Render(64)})");
    }

    private PickleValue Call(PickleValue callable, PickleValue arguments)
    {
        tally.Calls++;
        var call = new CallValue(callable, arguments);
        switch (callable)
        {
            case GlobalValue global:
                Judge(global, call);
                return ResultOf(global, call);
            case CallValue { Of: "operator.attrgetter" or "_operator.attrgetter" } getter:
                return call.Argument(0) is { } target ? Attribute(target, getter.Argument(0), call) : call;
            case CallValue { Of: "operator.methodcaller" or "_operator.methodcaller" } caller:
                return call.Argument(0) is { } subject ? Call(Attribute(subject, caller.Argument(0), call), TupleOf(Rest(caller.Arguments, 1))) : call;
            case CallValue { Of: "functools.partial" or "_functools.partial" } bound when bound.Argument(0) is GlobalValue inner:
                return Call(inner, TupleOf([.. Rest(bound.Arguments, 1), .. Rest(arguments, 0)]));
            case CallValue made when CallableRules.MakesFunction(Normalised(made.Of)):
                tally.Find("code-called", Severity.Dangerous, "", $"calls a function whose code is in the file: {Evidence(call)}");
                return call;
            default:
                return call;
        }
    }

    private void Judge(GlobalValue global, CallValue call)
    {
        if (CallableRules.MakesCode(Normalised(global.Full)) && CodeWords.DangerIn(WordsOf(call.Arguments, WordDepth)) is { } danger)
        {
            tally.Find("dangerous-code", Severity.Dangerous, "", $"brings code along that holds {danger}");
        }

        if (CallableRules.IsSetAttribute(Normalised(global.Full)) && call.Argument(0) is not (CallValue or ContainerValue))
        {
            Patch(call.Argument(0) ?? call, call.Arguments);
        }

        switch (tally.Refer(global))
        {
            case Callable.Dangerous:
                tally.Find("dangerous-global", Severity.Dangerous, global.Full, Evidence(call));
                break;
            case Callable.Unusual when SpeaksToShell(call):
                tally.Find("shell-text", Severity.Dangerous, global.Full, $"passes a shell command to an unknown callable: {Evidence(call)}");
                break;
            case Callable.Unusual:
                tally.Find("unusual-callable", Severity.Unusual, global.Full, Evidence(call));
                break;
        }
    }

    /// <summary>Follows the callables that only fetch other callables, or hand bytes to another loader.</summary>
    private PickleValue ResultOf(GlobalValue global, CallValue call)
    {
        var full = Normalised(global.Full);
        if (CallableRules.IsImport(full) && call.Argument(0) is TextValue module)
        {
            return new ModuleValue(module.Content);
        }

        if (CallableRules.IsGetAttribute(full) && call.Argument(0) is { } target)
        {
            return Attribute(target, call.Argument(1), call);
        }

        if (full is "_codecs.encode" && call.Argument(0) is TextValue text && IsLatin(text.Content))
        {
            // How protocols before 3 write bytes.
            return new BytesValue(System.Text.Encoding.Latin1.GetBytes(text.Content), text.Content.Length);
        }

        if (full.EndsWith("loads", StringComparison.Ordinal) || full is "torch.storage._load_from_bytes" or "io.BytesIO" or "_io.BytesIO")
        {
            nested = call.Argument(0) is BytesValue { Start.Length: > 2 } bytes ? bytes.Start : nested;
        }

        return call;
    }

    private PickleValue Attribute(PickleValue target, PickleValue? name, CallValue call)
    {
        if (name is not TextValue attribute)
        {
            return call;
        }

        if (attribute.Content.Split('.').Any(CallableRules.ReachesInterpreter))
        {
            tally.Find("dangerous-attribute", Severity.Dangerous, attribute.Content, Evidence(call));
        }

        switch (target)
        {
            case ModuleValue module:
                return Refer(module.Module, attribute.Content);
            case GlobalValue global when CallableRules.IsDangerousModule(global.Name.Split('.')[^1]):
                return Refer(global.Name.Split('.')[^1], attribute.Content);
            case GlobalValue global:
                return Refer(global.Module, $"{global.Name}.{attribute.Content}");
            default:
                return call;
        }
    }

    private void Build(PickleValue state, PickleValue target)
    {
        switch (target)
        {
            case CallValue made:
                made.State = state;
                LastBuilt = made;
                break;
            case GlobalValue or ModuleValue:
                Patch(target, state);
                break;
        }
    }

    /// <summary>Giving a state or items to a global changes the program that loads the file, without any call.</summary>
    private void Patch(PickleValue target, PickleValue state)
    {
        var change = $"changes {target.Render(100)} in place: {state.Render(EvidenceLength)}";
        tally.Find("patched-global", Severity.Dangerous, target.Render(100), Printable.Of(change, EvidenceLength));
    }

    /// <summary>Names and texts of a code object that a pickle rebuilds.</summary>
    private static string WordsOf(PickleValue value, int depth) => value switch
    {
        TextValue text => text.Content,
        BytesValue bytes => PickleText.Literal(bytes.Start.AsSpan(0, Math.Min(bytes.Start.Length, 256))),
        ContainerValue container when depth > 0 => string.Join('\n', container.Items.Select(item => WordsOf(item, depth - 1))),
        CallValue call when depth > 0 => WordsOf(call.Arguments, depth - 1),
        _ => "",
    };

    private static string Evidence(CallValue call) => Printable.Of(call.Render(EvidenceLength), EvidenceLength);

    private static IEnumerable<PickleValue> Rest(PickleValue arguments, int from) => arguments is ContainerValue container ? container.Items.Skip(from) : [];

    private static string Normalised(string full) => full.StartsWith("__builtin__.", StringComparison.Ordinal) ? $"builtins{full[11..]}" : full;

    private static bool IsLatin(string text) => text.All(letter => letter <= 0xff);

    private static bool SpeaksToShell(CallValue call) => call.Arguments is ContainerValue container && container.Items.Any(item => item switch
    {
        TextValue text => ShellText().IsMatch(text.Content),
        BytesValue bytes => ShellText().IsMatch(System.Text.Encoding.Latin1.GetString(bytes.Start, 0, Math.Min(bytes.Start.Length, PickleReader.KeptText))),
        ContainerValue inner => inner.Items.Any(part => part is TextValue text && ShellText().IsMatch(text.Content)),
        _ => false,
    });

    [GeneratedRegex(
        @"\b(curl|wget)\s+\S*(-|http)|\|\s*(ba|z|da)?sh\b|(^|[\s;&|/""'])(ba|z|da)?sh\s+-[ci]|/dev/tcp/|\bnc\s+-|powershell|python[23]?\s+-c|base64\s+(-d|--decode)|__import__\s*\(|\bos\.(system|popen)|\bsubprocess\.",
        RegexOptions.NonBacktracking)]
    private static partial Regex ShellText();
}
