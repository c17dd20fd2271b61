using System.Text.Json;
using DynaHug.Shared;
using DynaHug.Shared.Wire;

namespace DynaHug.Worker.Evidence;

/// <summary>A call that a stand-in for a missing global took; texts as the loader showed them.</summary>
public sealed record RecordedCall(string Call, string Arguments);

/// <summary>
/// What the loader said of a load. The file shares the loader's process and may have written it: it can make an outcome worse or add
/// an indicator, and it is believed that a load has ended only together with a complete trace.
/// </summary>
/// <param name="Outcome">loaded, raised or unsupported.</param>
/// <param name="Error">Type and message of the first exception; empty for none.</param>
/// <param name="Recorded">Calls of globals that are not installed.</param>
/// <param name="Threads">Threads that the load left running.</param>
/// <param name="Children">Processes that the load left running, 0 or 1.</param>
/// <param name="Delays">Seconds of each sleep that was shortened.</param>
/// <param name="Cpu">Processor seconds of the loader.</param>
/// <param name="PeakKiB">Largest resident memory of the loader.</param>
public sealed record LoaderReport(
    string Outcome,
    string Error,
    IReadOnlyList<RecordedCall> Recorded,
    int Threads,
    int Children,
    IReadOnlyList<double> Delays,
    double Cpu,
    long PeakKiB)
{
    private const int MaxLength = 256 << 10;

    /// <summary>Null for anything that is no report: missing, too long, malformed.</summary>
    public static LoaderReport? Parse(string? line)
    {
        if (line is null || line.Length > MaxLength)
        {
            return null;
        }

        try
        {
            var report = JsonSerializer.Deserialize<LoaderReport>(line, Json.Options);
            return report is null ? null : report with
            {
                Error = Printable.Of(report.Error),
                Recorded = [.. report.Recorded.Take(64).Select(call => new RecordedCall(Printable.Of(call.Call, 200), Printable.Of(call.Arguments, 400)))],
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
