using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>
/// Makes the summary of a run: counts, process tree, indicators, and how the load ended. Pure, so that a stored run can be read again
/// with a newer catalogue of indicators.
/// </summary>
public static class TraceReader
{
    private const int MaxIndicators = 200;
    private const int MaxOutput = 4096;

    private static readonly IObserver[] Observers = [new ProgramObserver(), new NetworkObserver(), new PathObserver(), new SyscallObserver(), new LoaderObserver()];

    /// <summary>Exceptions by which libraries say that bytes are not what they should be.</summary>
    private static readonly string[] Damage =
    [
        "UnpicklingError", "EOFError", "BadZipFile", "error: Error -3", "PytorchStreamReader", "LZMAError", "BadGzipFile", "ReadError", "invalid load key",
        "pickle data was truncated", "ran out of data", "corrupt", "truncated",
    ];

    public static TraceSummary Summarise(RunRecord run)
    {
        var report = LoaderReport.Parse(run.LoaderReport);
        if (LoadWindow.Of(run) is not { } window)
        {
            return Summary(run, Outcome.Error, "the loader did not start to load", complete: false, new Dictionary<int, long>(), [], []);
        }

        var complete = run is { Dropped: 0, EndOfStream: true, End: RunEnd.Exited } && window.LoaderEnded;
        var indicators = Observers
            .SelectMany(observer => observer.Observe(run, window, report))
            .Distinct()
            .Take(MaxIndicators)
            .ToList();
        var (outcome, reason) = OutcomeOf(run, report, complete);
        return Summary(run, outcome, reason, complete, window.Counts(), indicators, ProcessTree.Of(window));
    }

    private static (Outcome Outcome, string Reason) OutcomeOf(RunRecord run, LoaderReport? report, bool complete) => run.End switch
    {
        RunEnd.TimedOut => (Outcome.TimedOut, $"the load did not end within {run.Seconds:0} s"),
        RunEnd.EventBudget => (Outcome.LoadFailed, $"ended after {run.Events.Count} trace points: more than any load makes"),
        RunEnd.OutputBudget => (Outcome.LoadFailed, "ended for output without end"),
        RunEnd.OutOfMemory => (Outcome.LoadFailed, "needed more memory than a sandbox has"),
        _ when report is null => (Outcome.LoadFailed, $"the loader ended with exit code {run.ExitCode} before the load was over"),
        _ => OutcomeOf(report, run, complete),
    };

    private static (Outcome Outcome, string Reason) OutcomeOf(LoaderReport report, RunRecord run, bool complete) => report.Outcome switch
    {
        "loaded" when complete => (Outcome.Analysed, ""),
        "loaded" => (Outcome.Error, $"the trace is incomplete: {(run.Dropped > 0 ? $"{run.Dropped} events dropped" : "its end was not seen")}"),
        "unsupported" => (Outcome.Unsupported, report.Error),
        "raised" when Array.Exists(Damage, mark => report.Error.Contains(mark, StringComparison.Ordinal)) => (Outcome.Corrupt, $"the loader could not read it: {report.Error}"),
        _ => (Outcome.LoadFailed, $"the load raised {report.Error}"),
    };

    private static TraceSummary Summary(
        RunRecord run,
        Outcome outcome,
        string reason,
        bool complete,
        IReadOnlyDictionary<int, long> counts,
        IReadOnlyList<Indicator> indicators,
        IReadOnlyList<TracedProcess> processes) =>
        new(run.Environment, outcome, Printable.Of(reason), complete, counts, indicators, processes, Head(run.StandardOutput), Head(run.StandardError), run.Seconds);

    private static string Head(string text) => Printable.Of(text.Trim(), MaxOutput);
}
