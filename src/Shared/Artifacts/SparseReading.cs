using System.Text.Json.Serialization;

namespace DynaHug.Shared.Artifacts;

/// <summary>
/// A content of which only the parts that decide its load were read; its tensors are holes in what was analysed. The hash that the hub
/// declares for it could not be checked.
/// </summary>
/// <param name="BytesRead">Bytes that were read.</param>
/// <param name="Requests">Requests that it took.</param>
/// <param name="Storages">Tensor storages that were left out.</param>
public sealed record SparseReading(long BytesRead, int Requests, int Storages)
{
    /// <summary>What a verdict says of it.</summary>
    [JsonIgnore]
    public string Sentence => $"read in part: {BytesRead} bytes, without {Storages} tensor storages; the hub's hash of the whole is not checked";

    /// <summary>What the analysis of the whole has otherwise than the sparse one; empty where both say the same.</summary>
    public static string Difference(ArtifactAnalysis sparse, ArtifactAnalysis whole)
    {
        ArgumentNullException.ThrowIfNull(sparse);
        ArgumentNullException.ThrowIfNull(whole);
        if (sparse.Outcome != whole.Outcome)
        {
            return $"outcome {whole.Outcome} instead of {sparse.Outcome}";
        }

        if (!(sparse.Static?.Globals ?? []).SequenceEqual(whole.Static?.Globals ?? []) || !(sparse.Static?.Findings ?? []).SequenceEqual(whole.Static?.Findings ?? []))
        {
            return "other globals or static findings";
        }

        if (sparse.Trace is not { } before || whole.Trace is not { } after || before.Environment != after.Environment)
        {
            return "";
        }

        var calls = before.Counts.Keys.Union(after.Counts.Keys).Where(call => before.Counts.GetValueOrDefault(call) != after.Counts.GetValueOrDefault(call)).Order().ToList();
        return calls.Count > 0 ? $"other counts of system calls {string.Join(", ", calls.Take(10))}"
            : before.Indicators.SequenceEqual(after.Indicators) ? ""
            : "other indicators";
    }
}
