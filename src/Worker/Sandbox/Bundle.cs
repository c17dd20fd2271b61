using System.Globalization;
using DynaHug.Shared.Wire;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// The OCI bundle of one sandbox. Of the host it holds read-only system libraries and nothing else; the model is in <c>/model</c>,
/// the loader in <c>/app</c>. The root is writable, but gVisor keeps what is written in the sandbox's own memory.
/// </summary>
internal static class Bundle
{
    /// <summary>Where the model is mounted.</summary>
    public const string ModelFolder = "/model";

    /// <summary>User and group inside: nobody.</summary>
    public const int Nobody = 65534;

    /// <summary>A sandbox has one processor, however many threads it starts, and gVisor's own threads do not wait for each other.</summary>
    private static readonly OciSpec.CpuSpec OneProcessor = new(100_000, 100_000);

    private static readonly string[] ReadOnlyBind = ["bind", "ro", "nosuid", "nodev"];
    private static readonly string[] Namespaces = ["pid", "network", "ipc", "uts", "mount"];

    /// <param name="image">The synthetic root and the loader's copy.</param>
    /// <param name="honey">The home planted in the image.</param>
    /// <param name="slot">Folder that is mounted at <see cref="ModelFolder"/>.</param>
    /// <param name="cgroup">Path of the run's cgroup, or null where this machine has none for us: then memory and processes are limited by less and processors not.</param>
    /// <param name="memory">Bytes that the sandbox may use.</param>
    public static OciSpec Describe(SandboxOptions options, ImageFolder image, HoneyHome honey, string slot, string? cgroup, long memory) => new(
        "1.0.0",
        new OciSpec.ProcessSpec(
            new OciSpec.UserSpec(Nobody, Nobody),
            [options.Python, "-s", "-B", "/app/loader.py", image.Libraries.Name()],
            Variables(honey),
            honey.Folder,
            new OciSpec.CapabilitySpec(),
            Limits(options),
            NoNewPrivileges: true),
        new OciSpec.RootSpec(image.Root, Readonly: false),
        honey.Machine,
        Mounts(options, image, slot),
        new OciSpec.LinuxSpec(
            [.. Namespaces.Select(name => new OciSpec.NamespaceSpec(name))],
            cgroup,
            cgroup is null ? null : new OciSpec.ResourceSpec(new OciSpec.MemorySpec(memory), new OciSpec.PidsSpec(HostProcesses(options)), OneProcessor)));

    /// <summary>Fixed hash seed and one thread, so that two loads of a file make the same calls.</summary>
    private static List<string> Variables(HoneyHome honey) =>
    [
        "PATH=/usr/local/bin:/usr/bin:/bin",
        $"HOME={honey.Folder}",
        $"USER={honey.User}",
        $"LOGNAME={honey.User}",
        "LANG=C.UTF-8",
        "OMP_NUM_THREADS=1",
        "OPENBLAS_NUM_THREADS=1",
        "MKL_NUM_THREADS=1",
        "JOBLIB_MULTIPROCESSING=0",
        "PYTHONHASHSEED=0",
        "PYTHONDONTWRITEBYTECODE=1",
        .. honey.Variables.OrderBy(variable => variable.Key, StringComparer.Ordinal).Select(variable => $"{variable.Key}={variable.Value}"),
    ];

    private static List<OciSpec.Rlimit> Limits(SandboxOptions options) =>
    [
        Limit("RLIMIT_NPROC", options.Processes),
        Limit("RLIMIT_NOFILE", 1024),
        Limit("RLIMIT_FSIZE", (long)options.FileMegabytes << 20),
        Limit("RLIMIT_CORE", 0),
    ];

    private static OciSpec.Rlimit Limit(string type, long value) => new(type, value, value);

    /// <summary>What an administrator installed under /usr/local is neither needed nor anybody's business, and hidden.</summary>
    private static List<OciSpec.Mount> Mounts(SandboxOptions options, ImageFolder image, string slot) =>
    [
        new("/proc", "proc", "proc"),
        new("/dev", "tmpfs", "tmpfs"),
        new("/tmp", "tmpfs", "tmpfs", ["nosuid", "nodev", "noexec", string.Create(CultureInfo.InvariantCulture, $"size={options.TmpMegabytes}m")]),
        Bind("/usr", "/usr"),
        new("/usr/local", "tmpfs", "tmpfs", ["ro", "nosuid", "nodev", "size=1m"]),
        Bind("/etc/alternatives", "/etc/alternatives"),
        Bind("/app", image.Loader),
        Bind(ModelFolder, slot),
    ];

    private static OciSpec.Mount Bind(string destination, string source) => new(destination, "bind", source, ReadOnlyBind);

    /// <summary>On the host a process inside is a few stub threads, and gVisor's kernel has threads of its own.</summary>
    private static int HostProcesses(SandboxOptions options) => 128 + (4 * options.Processes);
}
