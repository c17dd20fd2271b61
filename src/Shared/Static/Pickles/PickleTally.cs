namespace DynaHug.Shared.Static.Pickles;

/// <summary>What reading the pickles of one file has gathered. Attempts that turn out to be no pickle are gathered apart and dropped.</summary>
internal sealed class PickleTally(StaticOptions options)
{
    private const int CountedStorages = 1_000_000;

    private readonly long[] opcodes = new long[256];
    private readonly HashSet<string> storages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Callable> globals = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Id, string About), StaticFinding> findings = [];

    public StaticOptions Options => options;

    /// <summary>Streams read to STOP, or far enough to have called something.</summary>
    public int Pickles { get; set; }

    public long Opcodes { get; private set; }

    public int Storages => storages.Count;

    public int Calls { get; set; }

    public IEnumerable<string> Globals => globals.Keys.Order(StringComparer.Ordinal).Take(options.MaxGlobals);

    public IEnumerable<StaticFinding> Findings => findings.Values;

    public IReadOnlyDictionary<string, int> OpcodeCounts => Enumerable.Range(0, 256)
        .Where(code => opcodes[code] > 0)
        .ToDictionary(code => PickleOpcodes.NameOf((byte)code)!, code => (int)Math.Min(int.MaxValue, opcodes[code]));

    public void Count(byte code)
    {
        opcodes[code]++;
        Opcodes++;
    }

    /// <summary>Tied weights name one storage twice: only distinct ones are read from the file.</summary>
    public void CountStorage(string key)
    {
        if (storages.Count < CountedStorages)
        {
            storages.Add(key);
        }
    }

    /// <returns>How the global is to be judged, once for all its uses.</returns>
    public Callable Refer(GlobalValue global)
    {
        var full = global.Full;
        if (globals.TryGetValue(full, out var known))
        {
            return known;
        }

        var judged = CallableRules.Of(global.Module, global.Name);
        if (globals.Count < options.MaxGlobals * (judged == Callable.Dangerous ? 2 : 1))
        {
            globals[full] = judged;
        }

        return judged;
    }

    /// <summary>Keeps the finding. One more with the same id about the same thing replaces it only where it says more.</summary>
    /// <param name="about">What the finding is about: one entry in the report for each.</param>
    public void Find(string id, Severity severity, string about, string evidence)
    {
        // Room for the dangerous ones is kept apart, so that no flood of lesser findings hides them.
        if (findings.Count >= options.MaxFindings * (severity == Severity.Dangerous ? 4 : 2) && !findings.ContainsKey((id, about)))
        {
            return;
        }

        if (!findings.TryGetValue((id, about), out var known) || known.Evidence.Length < evidence.Length)
        {
            findings[(id, about)] = new StaticFinding(id, severity, evidence);
        }
    }

    public void Add(PickleTally other)
    {
        for (var code = 0; code < 256; code++)
        {
            opcodes[code] += other.opcodes[code];
        }

        Opcodes += other.Opcodes;
        Pickles += other.Pickles;
        Calls += other.Calls;
        foreach (var key in other.storages)
        {
            CountStorage(key);
        }

        foreach (var (full, judged) in other.globals)
        {
            if (globals.Count < options.MaxGlobals * (judged == Callable.Dangerous ? 2 : 1))
            {
                globals.TryAdd(full, judged);
            }
        }

        foreach (var ((id, about), finding) in other.findings)
        {
            Find(id, finding.Severity, about, finding.Evidence);
        }
    }
}
