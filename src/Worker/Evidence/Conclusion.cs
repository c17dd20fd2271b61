using DynaHug.Shared.Artifacts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>
/// The outcome of a run and its reason. What ended the sandbox from outside comes first, then whether the trace can be believed, then
/// what the loader says: its "loaded" makes a file analysed only where everything else agrees.
/// </summary>
internal static class Conclusion
{
    public static (Outcome Outcome, string Reason) Of(LoadWindow load, bool complete) => load.Run.End switch
    {
        _ when !load.Started => (Outcome.Error, $"the loader did not get as far as the load ({Ending(load.Run)})"),
        RunEnd.TimedOut => (Outcome.TimedOut, $"not done after {load.Run.Seconds:0.#} s"),
        RunEnd.EventBudget => (Outcome.LoadFailed, $"stopped after {load.Run.Events.Count} events, more than the sandbox allows"),
        RunEnd.OutputBudget => (Outcome.LoadFailed, "stopped for writing more output than the sandbox allows"),
        RunEnd.OutOfMemory => (Outcome.LoadFailed, "used more memory than the sandbox allows"),
        _ when load.Run.Dropped > 0 => (Outcome.Error, $"the trace is incomplete: {load.Run.Dropped} events were dropped"),
        _ when !complete => (Outcome.Error, "the trace is incomplete: it ends before the last process did"),
        _ => FromReport(load),
    };

    private static (Outcome, string) FromReport(LoadWindow load) => load.Report switch
    {
        null when load.Run.LoaderReport is null => (Outcome.LoadFailed, $"the loader ended without a report ({Ending(load.Run)})"),
        null => (Outcome.LoadFailed, "the loader's report cannot be read"),
        { Outcome: LoaderReport.Loaded } when load.Run.ExitCode is not 0 => (Outcome.LoadFailed, $"loaded, then ended badly ({Ending(load.Run)})"),
        { Outcome: LoaderReport.Loaded } => (Outcome.Analysed, ""),
        { Outcome: LoaderReport.Unsupported } report => (Outcome.Unsupported, OrElse(report.Error, "no loader here runs this content")),
        { Outcome: LoaderReport.Corrupt } report => (Outcome.Corrupt, OrElse(report.Error, "not readable as what it claims to be")),
        var report => (Outcome.LoadFailed, OrElse(report.Error, "the load raised an error")),
    };

    private static string Ending(RunRecord run) => run switch
    {
        { End: RunEnd.TimedOut } => "timed out",
        { ExitCode: { } code } => $"exit code {code}",
        _ => "killed",
    };

    private static string OrElse(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}
