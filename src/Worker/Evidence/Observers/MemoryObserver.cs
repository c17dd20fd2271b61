using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Memory made ready for machine code that did not come from a library's file.</summary>
internal sealed class MemoryObserver : IObserver
{
    private const ulong Write = 2;
    private const ulong Execute = 4;
    private const ulong Anonymous = 0x20;

    private static readonly int Map = LoadWindow.Number("mmap");
    private static readonly int Protect = LoadWindow.Number("mprotect");
    private static readonly int ProtectWithKey = LoadWindow.Number("pkey_mprotect");
    private static readonly int MemoryFile = LoadWindow.Number("memfd_create");

    public IEnumerable<Sighting> Observe(LoadWindow load) => [.. Mappings(load), .. DroppedLibraries(load)];

    private static IEnumerable<Sighting> Mappings(LoadWindow load)
    {
        foreach (var (at, call) in load.Calls(Map, Protect, ProtectWithKey, MemoryFile))
        {
            var protection = LoadWindow.Argument(call, 2);
            if (call.Number == MemoryFile)
            {
                yield return new Sighting(at, IndicatorCatalogue.MemoryFile.Seen("memfd_create"));
            }
            else if ((protection & Execute) != 0 && How(call.Number, protection, LoadWindow.Argument(call, 3)) is { } how)
            {
                yield return new Sighting(at, IndicatorCatalogue.ExecutableMemory.Seen($"{how} of {LoadWindow.Argument(call, 1)} bytes"));
            }
        }
    }

    /// <summary>Code mapped from the file opened just before, where that file is one the load could have written.</summary>
    private static IEnumerable<Sighting> DroppedLibraries(LoadWindow load)
    {
        var opened = new Dictionary<int, string>();
        for (var at = 0; at < load.Events.Count; at++)
        {
            var seen = load.Events[at];
            if (seen.Point == TracePoint.Open)
            {
                opened[seen.Thread] = TracedPath.Normalise(seen.Path);
            }
            else if (seen.Point == TracePoint.Syscall && seen.Number == Map && (LoadWindow.Argument(seen, 2) & Execute) != 0
                && (LoadWindow.Argument(seen, 3) & Anonymous) == 0 && opened.TryGetValue(seen.Thread, out var path) && IsWritable(path))
            {
                yield return new Sighting(at, IndicatorCatalogue.ExecutableMemory.Seen($"code of {path}"));
            }
        }
    }

    private static bool IsWritable(string path) =>
        TracedPath.IsScratch(path) || (path.StartsWith("/proc/", StringComparison.Ordinal) && path.Contains("/fd/", StringComparison.Ordinal));

    /// <summary>The dynamic linker maps code from files and never makes anything executable afterwards.</summary>
    private static string? How(int number, ulong protection, ulong flags) => (protection & Write) != 0
        ? number == Map ? "writable and executable mapping" : "change to writable and executable"
        : number != Map ? "written memory made executable"
        : (flags & Anonymous) != 0 ? "executable mapping without a file"
        : null;
}
