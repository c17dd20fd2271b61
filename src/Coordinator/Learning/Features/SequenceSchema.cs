using DynaHug.Shared.Tracing;

namespace DynaHug.Coordinator.Learning.Features;

/// <summary>
/// 2-grams of system calls, a column for each that the training loads show and a last one for the sum of all others: of the 130,000
/// possible ones a load makes some hundred, and a pair that no benign load makes has to be seen all the same.
/// </summary>
public sealed class SequenceSchema : IFeatureSchema
{
    private const string Other = "other pairs";
    private const int MostColumns = 20_000;

    private readonly Func<CallSequences, IEnumerable<KeyValuePair<string, long>>> terms;
    private readonly Dictionary<string, int> columns;

    private SequenceSchema(string id, Func<CallSequences, IEnumerable<KeyValuePair<string, long>>> terms, IReadOnlyList<string> names)
    {
        (Id, this.terms, Names) = (id, terms, names);
        columns = names.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
    }

    /// <summary>The paper's sequence features: a call and the next one of the trace.</summary>
    public static SequenceSchema Calls() => new("sequence/1", CallTerms, [Other]);

    /// <summary>The paper's process sequence features: a call and the next one of the same process, with the process's normalised number.</summary>
    public static SequenceSchema ProcessCalls() => new("process-sequence/1", ProcessTerms, [Other]);

    public string Id { get; }

    public IReadOnlyList<string> Names { get; }

    public LoadFacts Needs => LoadFacts.Sequences;

    public double[] VectorOf(Load load)
    {
        var vector = new double[Names.Count];
        foreach (var (term, count) in TermsOf(load))
        {
            vector[columns.TryGetValue(term, out var column) ? column : vector.Length - 1] += count;
        }

        return vector;
    }

    public IFeatureSchema Learn(IReadOnlyList<Load> loads) => new SequenceSchema(
        Id,
        terms,
        [.. loads.SelectMany(TermsOf).Select(term => term.Key).CountBy(term => term).OrderByDescending(term => term.Value).ThenBy(term => term.Key, StringComparer.Ordinal)
            .Take(MostColumns - 1).Select(term => term.Key).Order(StringComparer.Ordinal), Other]);

    public IFeatureSchema WithNames(IReadOnlyList<string>? names) =>
        names is { Count: > 0 and <= MostColumns } && names[^1] == Other && names.Distinct().Count() == names.Count
            ? new SequenceSchema(Id, terms, names)
            : throw new InvalidDataException($"the profile does not name the columns of feature schema {Id}: the file is damaged");

    private IEnumerable<KeyValuePair<string, long>> TermsOf(Load load) => load.Sequences is { } sequences
        ? terms(sequences)
        : throw new ArgumentException($"load {load.Id} comes without the order of its calls, which feature schema {Id} needs: read its stored events", nameof(load));

    private static IEnumerable<KeyValuePair<string, long>> CallTerms(CallSequences sequences) =>
        sequences.Pairs.Select(pair => KeyValuePair.Create($"{Syscalls.NameOf(pair.Key.Call)}>{Syscalls.NameOf(pair.Key.Next)}", pair.Value));

    private static IEnumerable<KeyValuePair<string, long>> ProcessTerms(CallSequences sequences) =>
        sequences.ProcessPairs.Select(pair => KeyValuePair.Create($"{pair.Key.Process}:{Syscalls.NameOf(pair.Key.Call)}>{Syscalls.NameOf(pair.Key.Next)}", pair.Value));
}
