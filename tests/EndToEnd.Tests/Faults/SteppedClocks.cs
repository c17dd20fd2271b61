using System.Globalization;

namespace DynaHug.EndToEnd.Tests.Faults;

/// <summary>Wall clocks of processes, stepped while they run: libfaketime adds to what the kernel says of the time of day, and leaves alone what counts on.</summary>
internal sealed class SteppedClocks(string folder)
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    /// <summary>Why no clock can be stepped here; empty where they can.</summary>
    public static string WhyNot { get; } = File.Exists(Library) ? "" : "libfaketime is not installed, without which a process has the machine's clock (Debian: faketime)";

    /// <summary>The environment that a process has to be started with.</summary>
    public IReadOnlyDictionary<string, string?> VariablesOf(string node)
    {
        Step(node, TimeSpan.Zero);
        return new Dictionary<string, string?>
        {
            ["LD_PRELOAD"] = Library,
            ["FAKETIME_TIMESTAMP_FILE"] = FileOf(node),
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["NO_FAKE_STAT"] = "1",
        };
    }

    /// <param name="by">From the machine's time.</param>
    public void Step(string node, TimeSpan by)
    {
        File.WriteAllText($"{FileOf(node)}.new", by.TotalSeconds.ToString("+0;-0", CultureInfo.InvariantCulture));
        File.Move($"{FileOf(node)}.new", FileOf(node), overwrite: true);
    }

    private string FileOf(string node) => Path.Combine(folder, $"clock-{node}");
}
