using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// The OCI bundle (Open Container Initiative runtime specification 1.0.2) that every sandbox runs in: a synthetic root that shows nothing
/// of the host but read-only system libraries, the loader at <c>/app</c>, one folder with one file at <c>/model</c>, a home and a
/// <c>/tmp</c> in memory, an unprivileged user, no capabilities, no network.
/// </summary>
public static class Bundle
{
    public const string ModelFolder = "/model";
    public const int User = 65534;

    private const string LinkerCache = "/etc/ld.so.cache";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Makes the root file system: empty folders for the mounts, links as on a merged-usr Debian, made-up accounts.</summary>
    public static void WriteRoot(string root)
    {
        foreach (var folder in new[] { "usr", "etc/alternatives", "tmp", "proc", "dev", "sys", "model", "app", "home/user", "root", "var", "run" })
        {
            Directory.CreateDirectory(Path.Combine(root, folder));
        }

        foreach (var link in new[] { "bin", "lib", "lib64", "sbin" })
        {
            var place = Path.Combine(root, link);
            if (!Path.Exists(place))
            {
                File.CreateSymbolicLink(place, $"usr/{link}");
            }
        }

        File.WriteAllText(Path.Combine(root, "etc/passwd"), $"root:x:0:0:root:/root:/bin/sh\nuser:x:{User}:{User}:user:{HoneyHome.Folder}:/bin/sh\n");
        File.WriteAllText(Path.Combine(root, "etc/group"), $"root:x:0:\nuser:x:{User}:\n");
        File.WriteAllText(Path.Combine(root, "etc/hosts"), "127.0.0.1 localhost\n");
        File.WriteAllText(Path.Combine(root, "etc/resolv.conf"), "nameserver 127.0.0.1\n");
        File.WriteAllText(Path.Combine(root, "etc/nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n");
        if (File.Exists(LinkerCache))
        {
            File.Copy(LinkerCache, Path.Combine(root, "etc/ld.so.cache"), overwrite: true);
        }
    }

    /// <summary>The bundle's <c>config.json</c>.</summary>
    /// <param name="root">Folder made by <see cref="WriteRoot"/>.</param>
    /// <param name="app">Folder with the loader.</param>
    /// <param name="slot">Folder with the one file to load.</param>
    /// <param name="cgroup">Path of the control group, or null where control groups cannot be used.</param>
    public static string Config(SandboxOptions options, string root, string app, string slot, string? cgroup)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = HoneyHome.Folder,
            ["LANG"] = "C.UTF-8",
            ["LOGNAME"] = "user",
            ["OMP_NUM_THREADS"] = "1",
            ["OPENBLAS_NUM_THREADS"] = "1",
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["PYTHONHASHSEED"] = "0",
            ["USER"] = "user",
        };
        foreach (var (name, value) in HoneyHome.Variables)
        {
            environment[name] = value;
        }

        var memory = (long)options.MemoryMiB << 20;
        var config = new
        {
            ociVersion = "1.0.2",
            hostname = "model-host",
            process = new
            {
                terminal = false,
                user = new { uid = User, gid = User },
                args = new[] { options.Python, "-s", "-B", "/app/loader.py" },
                env = environment.Select(variable => $"{variable.Key}={variable.Value}"),
                cwd = HoneyHome.Folder,
                noNewPrivileges = true,
                capabilities = new { bounding = Array.Empty<string>(), effective = Array.Empty<string>(), permitted = Array.Empty<string>() },
                rlimits = new[]
                {
                    Limit("RLIMIT_NPROC", options.Processes),
                    Limit("RLIMIT_NOFILE", 1024),
                    Limit("RLIMIT_CORE", 0),
                    Limit("RLIMIT_AS", Math.Max(4L << 30, 4 * memory)),
                },
            },
            root = new { path = root, @readonly = true },
            mounts = new[]
            {
                Mount("/proc", "proc", "proc"),
                Mount("/dev", "tmpfs", "tmpfs", "nosuid", "noexec", "size=1m"),
                Mount("/tmp", "tmpfs", "tmpfs", "nosuid", "nodev", $"size={options.TemporaryMiB}m"),
                Mount(HoneyHome.Folder, "tmpfs", "tmpfs", "nosuid", "nodev", $"size={options.TemporaryMiB}m", "mode=0700", $"uid={User}", $"gid={User}"),
                Bind("/usr", "/usr"),
                Bind("/etc/alternatives", "/etc/alternatives"),
                Bind("/app", app),
                Bind(ModelFolder, slot),
            },
            linux = new
            {
                namespaces = new[] { "pid", "network", "ipc", "uts", "mount" }.Select(type => new { type }),
                cgroupsPath = cgroup,
                resources = cgroup is null ? null : new { memory = new { limit = memory }, pids = new { limit = 4L * options.Processes + 256 } },
            },
        };
        return JsonSerializer.Serialize(config, Format);
    }

    private static object Limit(string type, long value) => new { type, hard = value, soft = value };

    private static MountPoint Mount(string destination, string type, string source, params string[] options) => new(destination, type, source, options);

    private static MountPoint Bind(string destination, string source) => new(destination, "bind", source, ["bind", "ro", "nosuid", "nodev"]);

    private sealed record MountPoint(string Destination, string Type, string Source, string[] Options);
}
