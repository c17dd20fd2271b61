using System.Text.Json.Serialization;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;

namespace DynaHug.Shared.Artifacts;

/// <summary>All we know of one artifact's content: what was read and, where it has to run, what it did.</summary>
/// <param name="Artifact">The content's hash, only declared where <paramref name="Sparse"/> is given; null where the bytes were never had (gated, too large, gone).</param>
/// <param name="Outcome">How the analysis ended.</param>
/// <param name="Reason">The outcome in words; empty for <see cref="Outcome.Analysed"/>.</param>
/// <param name="Static">Null where the bytes were never had.</param>
/// <param name="Trace">Null where nothing had to run or nothing could.</param>
/// <param name="Sparse">What was read of it; null where it was read whole.</param>
public sealed record ArtifactAnalysis(
    Sha256? Artifact,
    Outcome Outcome,
    string Reason,
    StaticReport? Static,
    TraceSummary? Trace,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SparseReading? Sparse = null)
{
    /// <summary>Joins both halves: the trace decides where there is one, else what static reading said.</summary>
    public static ArtifactAnalysis Of(Sha256 artifact, StaticReport read, TraceSummary? trace) =>
        trace is not null ? new(artifact, trace.Outcome, trace.Reason, read, trace)
        : read.Outcome is { } outcome ? new(artifact, outcome, read.Reason, read, null)
        : throw new ArgumentException($"a {read.Format} file has to be traced before it is analysed", nameof(trace));

    public static ArtifactAnalysis WithoutBytes(Outcome outcome, string reason) => new(null, outcome, reason, null, null);
}
