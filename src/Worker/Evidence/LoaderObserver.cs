using System.Text.RegularExpressions;
using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>How the load ended, what it left behind, what it would have called, and planted secrets that turn up somewhere.</summary>
internal sealed partial class LoaderObserver : IObserver
{
    private const double LongDelaySeconds = 1;
    private const double BurnedSeconds = 30;

    /// <summary>128 + SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV.</summary>
    private static readonly int[] CrashCodes = [132, 134, 135, 136, 139];

    public IEnumerable<Indicator> Observe(RunRecord run, LoadWindow window, LoaderReport? report) =>
        [.. Endings(run, window, report), .. LeftBehind(window, report), .. UnknownCallables(report), .. Leaks(run, window)];

    private static IEnumerable<Indicator> Endings(RunRecord run, LoadWindow window, LoaderReport? report)
    {
        switch (run.End)
        {
            case RunEnd.TimedOut:
                yield return IndicatorCatalogue.LoadHung.Seen($"still running after {run.Seconds:0} s");
                break;
            case RunEnd.EventBudget:
                yield return IndicatorCatalogue.TracerFlooded.Seen($"{run.Events.Count} trace points");
                break;
            case RunEnd.OutputBudget:
                yield return IndicatorCatalogue.TracerFlooded.Seen("output without end");
                break;
            case RunEnd.Exited when report is null && run.ExitCode is { } code && CrashCodes.Contains(code):
                yield return IndicatorCatalogue.LoaderCrashed.Seen($"signal {code - 128}");
                break;
            case RunEnd.Exited when report is null && !window.Events.Any(point => point.Point == TracePoint.Exec && point.Process == window.Loader):
                yield return IndicatorCatalogue.LoaderKilled.Seen($"exit code {run.ExitCode} before the load was over");
                break;
            case RunEnd.Exited when report is { Outcome: "raised" } && report.Error.StartsWith("SystemExit", StringComparison.Ordinal):
                yield return IndicatorCatalogue.LoaderKilled.Seen(report.Error);
                break;
        }
    }

    private static IEnumerable<Indicator> LeftBehind(LoadWindow window, LoaderReport? report)
    {
        if (report is { Threads: > 0 })
        {
            yield return IndicatorCatalogue.DelayedWork.Seen($"{report.Threads} threads still running after the load");
        }

        if (report is { Children: > 0 })
        {
            yield return IndicatorCatalogue.DelayedWork.Seen("a process still running after the load");
        }

        foreach (var delay in report?.Delays.Where(delay => delay >= LongDelaySeconds).Take(3) ?? [])
        {
            yield return IndicatorCatalogue.DelayedWork.Seen($"a sleep of {delay:0.#} s");
        }

        if (window.AfterLoad.Any(point => point.Point is TracePoint.ExecAttempt or TracePoint.Connect))
        {
            yield return IndicatorCatalogue.DelayedWork.Seen("a program or connection after the load was over");
        }

        if (report is { Cpu: > BurnedSeconds })
        {
            yield return IndicatorCatalogue.ProcessorBurned.Seen($"{report.Cpu:0} processor seconds");
        }
    }

    /// <summary>A missing module that would have been given a command, code or an address.</summary>
    private static IEnumerable<Indicator> UnknownCallables(LoaderReport? report) =>
        report is null ? [] : report.Recorded
            .Where(call => LooksLikeACommand().IsMatch(call.Arguments))
            .Select(call => IndicatorCatalogue.UnknownCallable.Seen($"{call.Call}({call.Arguments})"));

    private static IEnumerable<Indicator> Leaks(RunRecord run, LoadWindow window)
    {
        var texts = window.Events
            .SelectMany(point => (point.Argv ?? []).Append(point.Path))
            .Append(run.StandardOutput)
            .Append(run.StandardError);
        return texts
            .Where(text => text.Length > 0 && HoneyHome.Secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)))
            .Select(text => IndicatorCatalogue.CanaryLeaked.Seen(text));
    }

    [GeneratedRegex(
        @"https?://|ftp://|/bin/|/etc/|/dev/tcp|\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:curl|wget|bash|sh|nc|ncat|python3?|perl|powershell|cmd|chmod|rm|cat|echo|id|whoami|touch|calc(?:\.exe)?)\b\s*[-/'""&|;$]?"
        + @"|__import__|\bimport\s|\bexec\(|\beval\(|\bos\.|subprocess|base64",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 200)]
    private static partial Regex LooksLikeACommand();
}
