using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Questions about the machine that only who hides from an analysis asks. What numerical libraries read is not among them.</summary>
internal sealed class ProbingObserver : IObserver
{
    private static readonly string[] Files =
    [
        "/proc/version", "/proc/cmdline", "/proc/mounts", "/proc/modules", "/proc/uptime", "/proc/loadavg", "/proc/partitions", "/proc/devices",
        "/proc/sys/kernel/osrelease", "/proc/sys/kernel/version", "/proc/sys/kernel/random/boot_id", "/proc/sys/kernel/hostname", "/.dockerenv", "/run/.containerenv",
        "/etc/machine-id", "/var/lib/dbus/machine-id", "/etc/hostname", "/sys/hypervisor", "/proc/kallsyms", "/proc/bus/pci/devices",
    ];

    private static readonly string[] Folders = ["/sys/class/dmi", "/sys/devices/virtual/dmi", "/sys/hypervisor/", "/proc/scsi", "/proc/net/", "/sys/class/net", "/sys/firmware"];

    private static readonly string[] PerProcess = ["status", "cgroup", "mountinfo", "mounts", "cmdline", "sched", "stat", "environ", "ns"];

    public IEnumerable<Sighting> Observe(LoadWindow load)
    {
        foreach (var (at, seen) in load.Points(TracePoint.Open))
        {
            if (!load.RunsProgram(seen.Process) && Asks(TracedPath.Normalise(seen.Path)))
            {
                yield return new Sighting(at, IndicatorCatalogue.SandboxProbing.Seen(seen.Path));
            }
        }
    }

    private static bool Asks(string path) =>
        Files.Contains(path)
        || Folders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))
        || (path.Split('/') is ["", "proc", var process, var file, ..] && (process is "self" or "thread-self" || process.All(char.IsAsciiDigit)) && PerProcess.Contains(file));
}
