using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Shared.Tracing;

/// <summary>One process of a load. Hostile text, bounded.</summary>
/// <param name="Pid">Process id inside the sandbox.</param>
/// <param name="Parent">Parent's id; 0 for the loader.</param>
/// <param name="Command">Path and arguments of the last program it executed; empty when it only forked.</param>
public sealed record TracedProcess(int Pid, int Parent, string Command);

/// <summary>
/// What one load did: facts only, feature vectors are derived from it. Counted from the start marker (the loader has
/// imported its libraries) to the end of the last process.
/// </summary>
/// <param name="Environment">Fingerprint of sandbox, loader and libraries; traces of different environments never mix.</param>
/// <param name="Outcome">How the load ended; <see cref="Artifacts.Outcome.Analysed"/> only for a complete trace of a finished load.</param>
/// <param name="Reason">The outcome in words; empty for a finished load.</param>
/// <param name="Complete">No event was dropped, and start marker, last exit and end of stream were seen.</param>
/// <param name="Counts">x86-64 system call number → calls in the window; numbers never called are absent.</param>
/// <param name="Indicators">What speaks for malice, in order of first sight, one entry per id and evidence.</param>
/// <param name="StandardError">First part of what the load wrote to standard error; bounded.</param>
/// <param name="Seconds">Wall time of the load.</param>
/// <param name="Events">Blob of the ordered events, or null where they were not kept.</param>
public sealed record TraceSummary(
    string Environment,
    Outcome Outcome,
    string Reason,
    bool Complete,
    IReadOnlyDictionary<int, long> Counts,
    IReadOnlyList<Indicator> Indicators,
    IReadOnlyList<TracedProcess> Processes,
    string StandardOutput,
    string StandardError,
    double Seconds,
    Sha256? Events = null);
