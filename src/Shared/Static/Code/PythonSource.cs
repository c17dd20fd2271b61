namespace DynaHug.Shared.Static.Code;

/// <summary>
/// Reads Python source without running it: which names it uses under which aliases, and what of that acts on the system. A finding says what
/// stands there, not that it runs; the sandbox sees what an import of the file does.
/// </summary>
internal sealed class PythonSource
{
    private const int MostTokens = 2_000_000;
    private const int MostAliases = 10_000;
    private const int ArgumentTokens = 64;
    private const int MaxNesting = 3;
    private const int LongestName = 12;

    private static readonly string[] Getters = ["getattr", "builtins.getattr"];
    private static readonly string[] Importers = ["__import__", "builtins.__import__", "importlib.import_module", "importlib.__import__"];

    private readonly Pickles.PickleTally tally;
    private readonly List<PythonToken> tokens;
    private readonly int nesting;
    private readonly Dictionary<string, string> aliases = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    private PythonSource(string source, Pickles.PickleTally tally, int nesting)
    {
        this.tally = tally;
        this.nesting = nesting;
        tokens = PythonTokens.Of(source, MostTokens);
    }

    public static void Read(string source, Pickles.PickleTally tally, int nesting = 0) => new PythonSource(source, tally, nesting).Read();

    private void Read()
    {
        for (var at = 0; at < tokens.Count; at++)
        {
            var token = tokens[at];
            switch (token.Kind)
            {
                case PythonTokenKind.Name when token.Text is "import" or "from" && StartsStatement(at):
                    at = ReadImport(at);
                    break;
                case PythonTokenKind.Name when at == 0 || !tokens[at - 1].Is("."):
                    ReadName(at);
                    break;
                case PythonTokenKind.Text when !token.Standing:
                    ReadText(token);
                    break;
            }
        }

        JudgeTogether();
    }

    private bool StartsStatement(int at) => at == 0 || tokens[at - 1].Kind == PythonTokenKind.NewLine || tokens[at - 1].Is(";") || tokens[at - 1].Is(":");

    /// <summary><c>import a.b as c, d</c> and <c>from a.b import (c as d, e)</c>.</summary>
    /// <returns>The last token of the statement.</returns>
    private int ReadImport(int at)
    {
        var from = tokens[at].Text == "from";
        at++;
        var module = from ? DottedAt(ref at) : "";
        if (from && (at >= tokens.Count || !tokens[at].IsName("import")))
        {
            return at - 1;
        }

        at += from ? 1 : 0;
        while (at < tokens.Count && aliases.Count < MostAliases && !tokens[at].Is(";") && tokens[at].Kind != PythonTokenKind.NewLine)
        {
            if (tokens[at].Kind != PythonTokenKind.Name)
            {
                at++;
                continue;
            }

            var name = DottedAt(ref at);
            var alias = from ? name : name.Split('.')[0];
            var full = from ? $"{module}.{name}" : alias;
            if (at + 1 < tokens.Count && tokens[at].IsName("as"))
            {
                (alias, full) = (tokens[at + 1].Text, from ? full : name);
                at += 2;
            }

            aliases[alias] = full;
            Use(full, at - 1);
        }

        return at - 1;
    }

    private string DottedAt(ref int at)
    {
        var parts = new List<string>();
        while (at < tokens.Count && (tokens[at].Kind == PythonTokenKind.Name || tokens[at].Is(".")))
        {
            if (tokens[at].Kind == PythonTokenKind.Name)
            {
                if (parts.Count > 0 && !tokens[at - 1].Is("."))
                {
                    break;
                }

                parts.Add(tokens[at].Text);
            }

            at++;
        }

        return string.Join('.', parts.Take(LongestName));
    }

    /// <summary>A name, the attributes behind it, and what is done with the whole: call, assignment, mention.</summary>
    private void ReadName(int start)
    {
        var at = start;
        var name = DottedAt(ref at);
        if (name.Any(letter => char.IsSurrogate(letter) || letter is >= '\uff01' and <= '\uff5e'))
        {
            // Python reads mathematical and wide letters as the plain ones (PEP 3131); whoever writes names in them hides the names.
            Find("disguised-name", name, $"a name in letters that only look different: {name}", tokens[start].Line);
        }

        var first = name.Split('.')[0];
        var full = aliases.TryGetValue(first, out var real) ? real + name[first.Length..] : name;
        if (full.Contains('.') || real is not null)
        {
            Use(full, at - 1);
        }

        if (at >= tokens.Count)
        {
            return;
        }

        if (tokens[at].Is("("))
        {
            Call(full, at);
        }
        else if (full.Contains('.') && real is not null && IsAssignment(at) && PythonRules.IsPatch(full))
        {
            Find("patched-global", full, $"replaces {full}", tokens[start].Line);
        }
        else if (full is "os.environ" && tokens[at].Is("[") && at + 3 < tokens.Count && tokens[at + 1].Kind == PythonTokenKind.Text && IsAssignment(at + 3)
            && PythonRules.IsHijacking(tokens[at + 1].Text, tokens.ElementAtOrDefault(at + 4).Text ?? ""))
        {
            Find("environment-changed", tokens[at + 1].Text, $"sets the environment variable {tokens[at + 1].Text}", tokens[start].Line);
        }
        else if (full is "sys.modules" && tokens[at].Is("[") && at + 3 < tokens.Count && IsAssignment(at + 3) && tokens[at + 1].Kind == PythonTokenKind.Text)
        {
            Find("patched-global", "sys.modules", $"replaces the module {tokens[at + 1].Text}", tokens[start].Line);
        }
    }

    private bool IsAssignment(int at) => at + 1 < tokens.Count && tokens[at].Is("=") && !tokens[at + 1].Is("=");

    private void Use(string full, int at)
    {
        used.Add(full);
        var plain = full.StartsWith("builtins.", StringComparison.Ordinal) ? full[9..] : full;
        if (PythonRules.IsDangerous(plain))
        {
            Find("dangerous-call", plain, $"{plain}{Arguments(at + 1)}", tokens[Math.Min(at, tokens.Count - 1)].Line);
        }
    }

    private void Call(string full, int open)
    {
        var line = tokens[open].Line;
        var plain = full.StartsWith("builtins.", StringComparison.Ordinal) ? full[9..] : full;
        var argument = open + 1 < tokens.Count ? tokens[open + 1] : default;
        if (PythonRules.StartsProgram(full) && !StartsHonestProgram(open))
        {
            Find("dangerous-call", full, full + Arguments(open), line);
        }
        else if (plain is "exec" or "eval" or "compile")
        {
            used.Add(plain);
            if (argument.Kind == PythonTokenKind.Text && nesting < MaxNesting)
            {
                Read(argument.Text, tally, nesting + 1);
            }
        }
        else if (Importers.Contains(full) && argument.Kind == PythonTokenKind.Text && open + 4 < tokens.Count && tokens[open + 2].Is(")") && tokens[open + 3].Is("."))
        {
            Use($"{argument.Text}.{tokens[open + 4].Text}", open + 4);
            if (open + 5 < tokens.Count && tokens[open + 5].Is("("))
            {
                Call($"{argument.Text}.{tokens[open + 4].Text}", open + 5);
            }
        }
        else if (Getters.Contains(full) && open + 3 < tokens.Count && argument.Kind == PythonTokenKind.Name && tokens[open + 3].Kind == PythonTokenKind.Text)
        {
            var target = aliases.GetValueOrDefault(argument.Text, argument.Text);
            Use($"{target}.{tokens[open + 3].Text}", open + 3);
            if (PythonRules.StartsProgram($"{target}.{tokens[open + 3].Text}"))
            {
                Find("dangerous-call", target, $"{target}.{tokens[open + 3].Text}", line);
            }
        }
        else if (plain is "setattr" && argument.Kind == PythonTokenKind.Name && open + 3 < tokens.Count && tokens[open + 3].Kind == PythonTokenKind.Text
            && aliases.TryGetValue(argument.Text, out var module) && PythonRules.IsPatch($"{module}.{tokens[open + 3].Text}"))
        {
            Find("patched-global", module, $"replaces {module}.{tokens[open + 3].Text}", line);
        }
        else if (full is "shutil.rmtree" && ArgumentsOf(open).Any(token => token is { Kind: PythonTokenKind.Text, Text: "/" or "~" or "HOME" or "/home" }))
        {
            Find("dangerous-call", full, full + Arguments(open), line);
        }
    }

    private bool StartsHonestProgram(int open)
    {
        var parts = ArgumentsOf(open).Where(token => !token.Is("[") && !token.Is("(")).ToList();
        var isText = parts is [{ Kind: PythonTokenKind.Text }, ..];
        return (isText && !CodeWords.IsShell(parts[0].Text) && PythonRules.IsHonestProgram(parts[0].Text.Trim().Split(' ')[0]))
            || parts is [{ Text: "sys" }, { Text: "." }, { Text: "executable" }, ..];
    }

    /// <summary>The tokens between a parenthesis and its partner, as far as they are looked at.</summary>
    private IEnumerable<PythonToken> ArgumentsOf(int open)
    {
        var depth = 0;
        for (var at = open; at < Math.Min(tokens.Count, open + ArgumentTokens); at++)
        {
            depth += tokens[at].Is("(") ? 1 : tokens[at].Is(")") ? -1 : 0;
            if (depth == 0)
            {
                yield break;
            }

            if (at > open)
            {
                yield return tokens[at];
            }
        }
    }

    private string Arguments(int open) => open < tokens.Count && tokens[open].Is("(")
        ? $"({string.Concat(ArgumentsOf(open).Select(token => token.Kind == PythonTokenKind.Text ? $"\"{token.Text}\"" : token.Text))})"
        : "";

    private void ReadText(PythonToken token)
    {
        if (CodeWords.IsShell(token.Text))
        {
            Find("shell-text", "text", $"holds a shell command: {token.Text}", token.Line);
        }
        else if (CodeWords.IsSensitivePath(token.Text))
        {
            Find("sensitive-path", "text", $"names a place of secrets or of start files: {token.Text}", token.Line);
        }
    }

    /// <summary>What is ordinary alone and telling together.</summary>
    private void JudgeTogether()
    {
        bool Uses(params string[] names) => names.Any(used.Contains);
        bool UsesAny(params string[] ends) => used.Any(name => ends.Any(end => name.EndsWith(end, StringComparison.Ordinal)));
        var runs = Uses("exec", "eval") || UsesAny("pickle.loads", "types.FunctionType");
        var decodes = UsesAny("b64decode", "b32decode", "b85decode", "a85decode", ".decompress", "unhexlify", ".fromhex", "codecs.decode");
        var downloads = UsesAny("urllib.request.urlopen", "urllib.request.urlretrieve", "requests.get", "requests.post", "http.client.HTTPConnection", "http.client.HTTPSConnection");
        if (runs && (decodes || downloads))
        {
            Find("decoded-code", "", decodes ? "runs text that it decodes first" : "runs text that it downloads first", 0);
        }

        if (Uses("socket.socket") && UsesAny(".connect", ".sendto", ".connect_ex") && !Uses("torch.distributed.init_process_group"))
        {
            Find("dangerous-call", "socket.socket", "opens a socket and connects it", 0);
        }

        if (UsesAny("ctypes.CDLL", "ctypes.cdll", "ctypes.CFUNCTYPE") && UsesAny("mmap.mmap", ".mprotect", ".mmap"))
        {
            Find("dangerous-call", "ctypes", "maps memory and calls into it", 0);
        }

        if (downloads && UsesAny("os.environ.items", "os.environ.copy", "os.environ.values", "platform.node", "socket.gethostname", "getpass.getuser", "os.getlogin"))
        {
            Find("dangerous-call", "exfiltration", "collects facts about the machine and talks to the network", 0);
        }
    }

    private void Find(string id, string about, string evidence, int line) =>
        tally.Find(id, Severity.Dangerous, about, Printable.Of(line > 0 ? $"line {line}: {evidence}" : evidence, 300));
}
