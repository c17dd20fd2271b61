using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Calls that change privileges or the system. Setting ids counts only towards root: giving privileges up is no attack.</summary>
internal sealed class PrivilegeObserver : IObserver
{
    private static readonly int[] Always =
    [
        .. new[]
        {
            "mount", "umount2", "chroot", "pivot_root", "unshare", "setns", "init_module", "finit_module", "create_module", "delete_module", "reboot",
            "kexec_load", "kexec_file_load", "bpf", "swapon", "swapoff", "iopl", "ioperm", "settimeofday", "clock_settime", "sethostname",
            "setdomainname", "acct", "open_by_handle_at", "perf_event_open", "userfaultfd", "add_key", "capset",
        }.Select(LoadWindow.Number),
    ];

    private static readonly int[] TowardsRoot =
        [.. new[] { "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid" }.Select(LoadWindow.Number)];

    public IEnumerable<Sighting> Observe(LoadWindow load)
    {
        foreach (var (at, call) in load.Calls([.. Always, .. TowardsRoot]))
        {
            if (Array.IndexOf(TowardsRoot, call.Number) < 0)
            {
                yield return new Sighting(at, IndicatorCatalogue.PrivilegeAttempt.Seen(Syscalls.NameOf(call.Number)));
            }
            else if (LoadWindow.Argument(call, 0) == 0)
            {
                yield return new Sighting(at, IndicatorCatalogue.PrivilegeAttempt.Seen($"{Syscalls.NameOf(call.Number)}(0)"));
            }
        }
    }
}
