using DynaHug.Shared.Verdicts;

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

    public IEnumerable<Sighting> Observe(LoadWindow load)
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

    /// <summary>The dynamic linker maps code from files and never makes anything executable afterwards.</summary>
    private static string? How(int number, ulong protection, ulong flags) => (protection & Write) != 0
        ? number == Map ? "writable and executable mapping" : "change to writable and executable"
        : number != Map ? "written memory made executable"
        : (flags & Anonymous) != 0 ? "executable mapping without a file"
        : null;
}
