using System.Collections.Frozen;

namespace DynaHug.Shared.Verdicts;

/// <summary>
/// Every indicator there is. Weights follow one question: which honest load of a model file could do this? Where the answer is
/// "none" the indicator is <see cref="IndicatorWeight.Conclusive"/>. Libraries are imported before the load is counted, so what
/// only imports do (reading /proc/cpuinfo, running ldconfig) is no reason to weaken one.
/// </summary>
public static class IndicatorCatalogue
{
    public static readonly IndicatorDefinition ProgramStarted = new(
        "program-started", "Started a program",
        "Loading tensors and estimators needs no other program. The few that libraries ask about the machine (ldconfig -p, uname -p) are left out.",
        "T1204.002", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition ShellStarted = new(
        "shell-started", "Started a shell",
        "A shell runs whatever text the file brought along; os.system and subprocess with shell=True end here.",
        "T1059.004", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition ProcessReplaced = new(
        "process-replaced", "Replaced the loader by another program",
        "An exec without a fork ends the load in favour of a program of the file's choice and hides what would have been reported.",
        "T1059", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition ProcessForked = new(
        "process-forked", "Forked a process",
        "Work that outlives the load is put into a child. Some libraries fork helpers, though not to read a file.",
        "T1106", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition ForkStorm = new(
        "fork-storm", "Forked many processes",
        "Dozens of children exhaust the machine; no loader does that.",
        "T1499.001", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition NetworkAttempt = new(
        "network-attempt", "Tried to reach the network",
        "A connection, a datagram or a listening port during a load: download, theft or remote control. Local name-service sockets are left out.",
        "T1071", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition SocketOpened = new(
        "socket-opened", "Opened a network socket",
        "The step before a connection. Libraries that test for IPv6 do this when imported, hence only supporting.",
        "T1095", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition SecretRead = new(
        "secret-read", "Read planted credentials",
        "Keys, tokens and browser stores of the sandbox's made-up home: nothing in a model file needs them.",
        "T1552.001", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition SecretProbed = new(
        "secret-probed", "Looked for credentials",
        "Asked whether a credential file exists without opening it.",
        "T1083", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition CanaryLeaked = new(
        "canary-leaked", "Passed on a planted secret",
        "A value that exists only in the sandbox's planted credentials or environment turned up in an argument, a path or the output.",
        "T1041", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition AccountListRead = new(
        "account-list-read", "Read the list of accounts",
        "Opened /etc/passwd, /etc/group or their like. Libraries that ask for the user's name do so, rarely while loading.",
        "T1087.001", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition PersistenceWritten = new(
        "persistence-written", "Wrote where programs start by themselves",
        "Start files (.pth, sitecustomize, shell rc, cron, systemd, authorized_keys, git hooks) and library or model caches run later, without the file.",
        "T1546", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition FileWrittenOutsideTmp = new(
        "file-written-outside-tmp", "Wrote a file outside /tmp",
        "Loading reads. Caches of plotting or JIT libraries are the honest exception.",
        "T1565.001", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition FileWrittenInTmp = new(
        "file-written-in-tmp", "Wrote a temporary file",
        "Something is put aside for later: loot, a program, a mark. Of our loaders only torch's of the oldest format unpacks there, and that is left out.",
        "T1074.001", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition MadeExecutable = new(
        "made-executable", "Made a file executable",
        "A dropped program is prepared for its start.",
        "T1222.002", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition MassDeletion = new(
        "mass-deletion", "Deleted or renamed many files",
        "Wiping or encrypting what it can reach. Honest loads remove a temporary file or two.",
        "T1485", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition FileDeleted = new(
        "file-deleted", "Deleted or renamed a file outside /tmp",
        "Loading leaves other files alone.",
        "T1070.004", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition ExecutableMemory = new(
        "executable-memory", "Mapped memory both writable and executable",
        "Machine code that the file brought along. Just-in-time compilers write first and make executable afterwards, and none runs while loading.",
        "T1620", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition MemoryFile = new(
        "memory-file", "Made a file that lives in memory only",
        "memfd_create hides a program from the disk; shared-memory libraries are the honest exception.",
        "T1620", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition ProcessTampering = new(
        "process-tampering", "Reached into another process",
        "ptrace or process_vm_*: debugging, injecting or evading a debugger.",
        "T1055.008", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition ProcessRenamed = new(
        "process-renamed", "Renamed its process",
        "Hides among others in a process list; some libraries name their threads.",
        "T1036.011", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition PrivilegeAttempt = new(
        "privilege-attempt", "Tried to change privileges or the system",
        "mount, chroot, unshare, setuid(0), kernel modules, reboot and their like have no place in a load.",
        "T1611", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition ProcessorClaimed = new(
        "processor-claimed", "Pinned or re-prioritised itself",
        "Miners pin threads to processors; numerical libraries do it rarely, and not while loading.",
        "T1496.001", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition ProcessorBurned = new(
        "processor-burned", "Used far more processor time than its size explains",
        "Mining or stalling. Slow formats and huge files come near it, hence only supporting.",
        "T1496.001", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition SandboxProbing = new(
        "sandbox-probing", "Looked where it runs",
        "Kernel version, process status, cgroups, hardware ids: payloads that hide from analysis ask first. What numerical libraries read (cpuinfo, meminfo) is left out.",
        "T1497.001", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition DelayedWork = new(
        "delayed-work", "Left work for later",
        "Threads, timers or children still alive after the load, or a long sleep in it: a way to outlive an analysis.",
        "T1497.003", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition UnknownCallable = new(
        "unknown-callable", "Would have called an unknown function with a command, code or an address",
        "The module is not installed here, so nothing ran; the arguments say what it was for.",
        "T1059.006", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition DangerousCallable = new(
        "dangerous-callable", "Named a function that runs programs or code",
        "Pickles name what is to be called. Tensors and estimators need none of these; whether it was called, and did anything here, other indicators say.",
        "T1059.006", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition LoaderKilled = new(
        "loader-killed", "Ended the loader",
        "exit(), a signal to itself or the like: the load stops before anything can be said of it. Honest files load to the end or raise.",
        "T1562.001", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition LoaderCrashed = new(
        "loader-crashed", "Crashed the loader",
        "A memory fault while loading: a broken file, or an exploit that missed.",
        "T1203", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition WaitsForInput = new(
        "waits-for-input", "Waited for input",
        "input(), a debugger or a terminal: nobody is there while a model is loaded by a service.",
        "T1497.002", IndicatorWeight.Conclusive);

    public static readonly IndicatorDefinition LoadHung = new(
        "load-hung", "Did not end in time",
        "Stalls to be given up on before the payload runs; very large files can be slow too.",
        "T1497.003", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition TracerFlooded = new(
        "tracer-flooded", "Made more system calls or output than any load",
        "Noise to hide in or to exhaust the analysis with.",
        "T1499.001", IndicatorWeight.Supporting);

    public static readonly IndicatorDefinition TracerTampering = new(
        "tracer-tampering", "Tampered with the analysis",
        "Forged the loader's markers or report, or touched the loader's own files: it knows that it is watched.",
        "T1562.001", IndicatorWeight.Conclusive);

    /// <summary>All definitions, in the order of this file.</summary>
    public static IReadOnlyList<IndicatorDefinition> All { get; } =
    [
        ProgramStarted, ShellStarted, ProcessReplaced, ProcessForked, ForkStorm,
        NetworkAttempt, SocketOpened,
        SecretRead, SecretProbed, CanaryLeaked, AccountListRead,
        PersistenceWritten, FileWrittenOutsideTmp, FileWrittenInTmp, MadeExecutable, MassDeletion, FileDeleted,
        ExecutableMemory, MemoryFile, ProcessTampering, ProcessRenamed, PrivilegeAttempt,
        ProcessorClaimed, ProcessorBurned, SandboxProbing, DelayedWork, UnknownCallable, DangerousCallable,
        LoaderKilled, LoaderCrashed, WaitsForInput, LoadHung, TracerFlooded, TracerTampering,
    ];

    private static readonly FrozenDictionary<string, IndicatorDefinition> ById = All.ToFrozenDictionary(definition => definition.Id);

    /// <summary>The definition, or null for an id that this version does not know (written by a newer one).</summary>
    public static IndicatorDefinition? Find(string id) => ById.GetValueOrDefault(id);

    /// <summary>Weight of an observation; one of an unknown kind never flags by itself.</summary>
    public static IndicatorWeight WeightOf(Indicator indicator) => Find(indicator.Id)?.Weight ?? IndicatorWeight.Supporting;
}
