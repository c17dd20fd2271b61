namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Places from which something starts by itself later, or is believed later: start files, schedules, hooks, libraries, model caches.</summary>
internal static class Persistence
{
    private static readonly string[] Names =
    [
        "sitecustomize.py", "usercustomize.py", ".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".profile", ".zshrc", ".zshenv",
        ".zprofile", ".zlogin", ".cshrc", ".login", ".kshrc", ".xinitrc", ".xprofile", ".xsessionrc", "config.fish", ".pythonrc", ".pythonrc.py",
        ".vimrc", ".gitconfig", "authorized_keys", "authorized_keys2", "rc.local", "ld.so.preload", "ld.so.conf", "pip.conf", "crontab",
    ];

    private static readonly string[] Roots =
    [
        "/etc/cron", "/var/spool/cron/", "/etc/systemd/", "/lib/systemd/", "/usr/lib/systemd/", "/etc/init.d/", "/etc/profile", "/etc/sudoers",
        "/etc/ld.so.conf.d/", "/etc/update-motd.d/", "/etc/passwd", "/etc/shadow", "/usr/local/bin/", "/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/",
    ];

    private static readonly string[] Folders =
    [
        "/.config/systemd/", "/.config/autostart/", "/.ssh/rc", "/.git/hooks/", "/.local/bin/", "/.ipython/", "/.jupyter/", "/site-packages/",
        "/dist-packages/", "/lib/python3", "/.cache/huggingface/", "/.huggingface/", "/.cache/torch/", "/torch_extensions/", "/.keras/",
    ];

    public static bool Starts(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return path.EndsWith(".pth", StringComparison.Ordinal) && !path.StartsWith("/tmp/", StringComparison.Ordinal)
            || Names.Contains(name)
            || Roots.Any(root => path.StartsWith(root, StringComparison.Ordinal))
            || Folders.Any(folder => path.Contains(folder, StringComparison.Ordinal));
    }
}
