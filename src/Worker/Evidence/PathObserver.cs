using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>What a load opens: planted credentials, account lists, places where programs start by themselves, facts about the host.</summary>
internal sealed class PathObserver : IObserver
{
    // open(2), asm-generic/fcntl.h.
    private const long WriteOnly = 1;
    private const long ReadWrite = 2;
    private const long Create = 0x40;
    private const long Truncate = 0x200;

    private static readonly string[] AccountLists = ["/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/sudoers"];

    private static readonly string[] StartFiles =
    [
        ".bashrc", ".bash_profile", ".bash_login", ".profile", ".zshrc", ".zprofile", ".zshenv", ".xinitrc", ".pythonrc", "authorized_keys",
        "sitecustomize.py", "usercustomize.py", "ld.so.preload", "rc.local", "crontab",
    ];

    private static readonly string[] StartFolders =
    [
        "/etc/cron", "/var/spool/cron", "/etc/profile", "/etc/init", "/etc/systemd/", "/.config/systemd/", "/.config/autostart/", "/.git/hooks/",
        "/site-packages/", "/dist-packages/", "/usr/lib/python", "/usr/local/lib/python", "/.local/lib/python", "/.ipython/", "/.jupyter/",
        "/.cache/huggingface/", "/.cache/torch/",
    ];

    private static readonly string[] HostFacts =
    [
        "/proc/version", "/proc/self/status", "/proc/1/", "/proc/self/cgroup", "/proc/mounts", "/proc/self/mounts", "/proc/self/mountinfo", "/proc/modules",
        "/proc/sys/kernel", "/proc/cmdline", "/proc/uptime", "/sys/class/dmi", "/sys/hypervisor", "/.dockerenv", "/etc/machine-id", "/etc/hostname",
        "/proc/net/", "/proc/self/net/",
    ];

    public IEnumerable<Indicator> Observe(RunRecord run, LoadWindow window, LoaderReport? report)
    {
        foreach (var point in window.Events.Where(point => point.Point == TracePoint.Open && point.Path.Length > 0))
        {
            var path = Absolute(point.Path);
            if (IsWrite(point))
            {
                if (Written(path) is { } written)
                {
                    yield return written;
                }
            }
            else if (Read(path) is { } read)
            {
                yield return read;
            }
        }
    }

    /// <summary>creat(2) has no flags and always writes.</summary>
    private static bool IsWrite(TraceEvent open) => open.Number == 85 || (open.Status & (WriteOnly | ReadWrite | Create | Truncate)) != 0;

    /// <summary>The loader's working folder is the home, and few loads leave it.</summary>
    private static string Absolute(string path) => Path.GetFullPath(path.Replace("\0", "", StringComparison.Ordinal), HoneyHome.Folder);

    private static Indicator? Read(string path) =>
        HoneyHome.IsSecret(path) || IsEnvironmentOfAProcess(path) ? IndicatorCatalogue.SecretRead.Seen(path)
        : AccountLists.Contains(path) ? IndicatorCatalogue.AccountListRead.Seen(path)
        : Array.Exists(HostFacts, fact => path.StartsWith(fact, StringComparison.Ordinal)) ? IndicatorCatalogue.SandboxProbing.Seen(path)
        : null;

    private static bool IsEnvironmentOfAProcess(string path) =>
        path.StartsWith("/proc/", StringComparison.Ordinal) && path.EndsWith("/environ", StringComparison.Ordinal);

    private static Indicator? Written(string path)
    {
        if (path.StartsWith("/app/", StringComparison.Ordinal) || path.StartsWith(Bundle.ModelFolder + "/", StringComparison.Ordinal))
        {
            return IndicatorCatalogue.TracerTampering.Seen($"write to {path}");
        }

        if (StartFiles.Contains(Path.GetFileName(path)) || path.EndsWith(".pth", StringComparison.Ordinal) && !IsTemporary(path)
            || Array.Exists(StartFolders, folder => path.Contains(folder, StringComparison.Ordinal)))
        {
            return IndicatorCatalogue.PersistenceWritten.Seen(path);
        }

        return IsTemporary(path) ? null : IndicatorCatalogue.FileWrittenOutsideTmp.Seen(path);
    }

    private static bool IsTemporary(string path) =>
        path.StartsWith("/tmp/", StringComparison.Ordinal) || path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal);
}
