using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>System calls whose number and raw arguments say enough. Argument positions as in the kernel's <c>include/linux/syscalls.h</c>.</summary>
internal sealed class SyscallObserver : IObserver
{
    private const int ManyFiles = 10;
    private const ulong ProtWrite = 2;
    private const ulong ProtExec = 4;
    private const ulong ExecuteBits = 0b001_001_001;
    private const ulong SetName = 15;
    private const ulong QueryPersonality = 0xffffffff;

    private static readonly HashSet<int> Tampering = Numbers("ptrace process_vm_readv process_vm_writev");
    private static readonly HashSet<int> Claiming = Numbers("sched_setaffinity setpriority sched_setscheduler sched_setattr sched_setparam ioprio_set");
    private static readonly HashSet<int> Removing = Numbers("unlink unlinkat rmdir rename renameat renameat2");
    private static readonly HashSet<int> SetIdentity = Numbers("setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid");

    private static readonly HashSet<int> Privileged = Numbers(
        "mount umount2 chroot pivot_root unshare setns init_module finit_module delete_module reboot kexec_load kexec_file_load swapon swapoff "
        + "sethostname setdomainname iopl ioperm capset bpf keyctl add_key request_key settimeofday clock_settime clock_adjtime adjtimex acct quotactl "
        + "perf_event_open userfaultfd open_by_handle_at mknod mknodat syslog");

    private static readonly int Mmap = Number("mmap");
    private static readonly int Mprotect = Number("mprotect");
    private static readonly int PkeyMprotect = Number("pkey_mprotect");
    private static readonly int MemfdCreate = Number("memfd_create");
    private static readonly int Prctl = Number("prctl");
    private static readonly int Personality = Number("personality");
    private static readonly int Chmod = Number("chmod");
    private static readonly int Fchmod = Number("fchmod");
    private static readonly int Fchmodat = Number("fchmodat");
    private static readonly int Read = Number("read");

    public IEnumerable<Indicator> Observe(RunRecord run, LoadWindow window, LoaderReport? report)
    {
        foreach (var call in window.Syscalls.Where(call => call.Arguments.Count == 6))
        {
            if (IndicatorOf(call, window) is { } seen)
            {
                yield return seen;
            }
        }

        var removed = window.Syscalls.Count(call => Removing.Contains(call.Number));
        if (removed >= ManyFiles)
        {
            yield return IndicatorCatalogue.MassDeletion.Seen($"{removed} calls that delete or rename");
        }
        else if (removed > 0)
        {
            yield return IndicatorCatalogue.FileDeleted.Seen($"{removed} calls that delete or rename");
        }

        if (window.MarkersForged)
        {
            yield return IndicatorCatalogue.TracerTampering.Seen("the loader's marker calls were repeated");
        }
    }

    private static Indicator? IndicatorOf(TraceEvent call, LoadWindow window)
    {
        var (number, arguments) = (call.Number, call.Arguments);
        var name = Syscalls.NameOf(number);
        return number switch
        {
            _ when number == Mmap && (arguments[2] & ProtWrite) != 0 && (arguments[2] & ProtExec) != 0 => IndicatorCatalogue.ExecutableMemory.Seen("mmap with write and execute"),
            _ when (number == Mprotect || number == PkeyMprotect) && (arguments[2] & ProtExec) != 0 => IndicatorCatalogue.ExecutableMemory.Seen("memory made executable after it was mapped"),
            _ when number == MemfdCreate => IndicatorCatalogue.MemoryFile.Seen(name),
            _ when number == Prctl && arguments[0] == SetName => IndicatorCatalogue.ProcessRenamed.Seen(name),
            _ when number == Personality && arguments[0] != QueryPersonality => IndicatorCatalogue.PrivilegeAttempt.Seen(name),
            _ when (number == Chmod || number == Fchmod) && (arguments[1] & ExecuteBits) != 0 => IndicatorCatalogue.MadeExecutable.Seen($"{name} to {Mode(arguments[1])}"),
            _ when number == Fchmodat && (arguments[2] & ExecuteBits) != 0 => IndicatorCatalogue.MadeExecutable.Seen($"{name} to {Mode(arguments[2])}"),
            _ when number == Read && arguments[0] == 0 && call.Process == window.Loader => IndicatorCatalogue.WaitsForInput.Seen("read of standard input"),
            _ when SetIdentity.Contains(number) && arguments[0] == 0 => IndicatorCatalogue.PrivilegeAttempt.Seen($"{name}(0)"),
            _ when Tampering.Contains(number) => IndicatorCatalogue.ProcessTampering.Seen(name),
            _ when Claiming.Contains(number) => IndicatorCatalogue.ProcessorClaimed.Seen(name),
            _ when Privileged.Contains(number) => IndicatorCatalogue.PrivilegeAttempt.Seen(name),
            _ => null,
        };
    }

    private static string Mode(ulong mode) => Convert.ToString((long)(mode & 0xfff), 8);

    private static int Number(string name) => Syscalls.NumberOf(name) ?? throw new ArgumentException($"no system call '{name}'", nameof(name));

    private static HashSet<int> Numbers(string names) => [.. names.Split(' ').Select(Number)];
}
