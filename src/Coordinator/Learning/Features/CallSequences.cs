using DynaHug.Worker.Evidence;

namespace DynaHug.Coordinator.Learning.Features;

/// <summary>
/// Which system call follows which in the window of a load, counted from its ordered events. They are derived from the stored trace, not
/// kept beside the counts: most profiles do not need them, and the archive holds more than any summary of it would.
/// </summary>
/// <param name="Pairs">(call, next call) → times, in the order of the trace whatever process makes them.</param>
/// <param name="ProcessPairs">(process, call, next call of the same process) → times.</param>
public sealed record CallSequences(
    IReadOnlyDictionary<(int Call, int Next), long> Pairs, IReadOnlyDictionary<(int Process, int Call, int Next), long> ProcessPairs)
{
    /// <summary>Processes that keep a number of their own; all later ones share the next, so that a load which forks a thousand times stays small.</summary>
    public const int NumberedProcesses = 16;

    /// <summary>Process ids differ from run to run: the loader is 0, the others are numbered as they first appear.</summary>
    public static CallSequences Of(LoadWindow window)
    {
        var pairs = new Dictionary<(int, int), long>();
        var processPairs = new Dictionary<(int, int, int), long>();
        var numbers = new Dictionary<int, int> { [window.Loader] = 0 };
        var lastOf = new Dictionary<int, int>();
        int? last = null;
        foreach (var (_, call) in window.Calls().Where(pair => !IsMarker(pair.Call)))
        {
            if (!numbers.TryGetValue(call.Process, out var process))
            {
                numbers[call.Process] = process = Math.Min(numbers.Count, NumberedProcesses);
            }

            if (last is { } before)
            {
                pairs[(before, call.Number)] = pairs.GetValueOrDefault((before, call.Number)) + 1;
            }

            if (lastOf.TryGetValue(call.Process, out var own))
            {
                processPairs[(process, own, call.Number)] = processPairs.GetValueOrDefault((process, own, call.Number)) + 1;
            }

            (last, lastOf[call.Process]) = (call.Number, call.Number);
        }

        return new CallSequences(pairs, processPairs);
    }

    private static bool IsMarker(Worker.Tracing.TraceEvent call) =>
        LoadWindow.IsMarker(call, Worker.Tracing.LoadMarkers.Start) || LoadWindow.IsMarker(call, Worker.Tracing.LoadMarkers.End);
}
