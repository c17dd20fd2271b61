using DynaHug.Shared.Static;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// What all sandboxes of one environment share, in one folder: the synthetic root, the loader's copy, the checkpoint, and what the
/// loader said when it was ready. Nothing in it changes once it is finished.
/// </summary>
/// <param name="Libraries">What the loader has imported in it.</param>
internal sealed record ImageFolder(string Folder, LibrarySet Libraries)
{
    /// <summary>Root of the sandbox's file system.</summary>
    public string Root => Path.Combine(Folder, "root");

    /// <summary>Copy of the loader's files, readable by nobody's user.</summary>
    public string Loader => Path.Combine(Folder, "app");

    /// <summary>gVisor's checkpoint; absent in cold mode.</summary>
    public string Checkpoint => Path.Combine(Folder, "checkpoint");

    /// <summary>The one file of a checkpoint that holds all of its state.</summary>
    public string CheckpointFile => Path.Combine(Checkpoint, "checkpoint.img");

    /// <summary>The loader's JSON of Python and library versions, kept because a restored loader does not say it again.</summary>
    public string Ready => Path.Combine(Folder, "ready.json");

    private const UnixFileMode Everyone = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode EveryoneEnters = Everyone | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode EveryoneWrites = Everyone | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode EveryoneChanges = EveryoneEnters | EveryoneWrites;

    private static readonly string[] Folders = ["usr", "etc", "etc/alternatives", "tmp", "proc", "dev", "sys", "model", "app", "root", "home"];
    private static readonly string[] Links = ["bin", "lib", "lib64", "sbin"];

    /// <summary>Writes root and loader. The names in it are made up; of the host's /etc there is only the linker's cache.</summary>
    public void Furnish(string loaderFolder, HoneyHome honey)
    {
        MakeFolder(Root, EveryoneEnters);
        foreach (var folder in Folders)
        {
            MakeFolder(Path.Combine(Root, folder), EveryoneEnters);
        }

        foreach (var link in Links.Where(link => Directory.Exists($"/usr/{link}")))
        {
            File.CreateSymbolicLink(Path.Combine(Root, link), $"usr/{link}");
        }

        WriteFile("/etc/passwd", $"root:x:0:0:root:/root:/bin/sh\n{honey.User}:x:{Bundle.Nobody}:{Bundle.Nobody}::{honey.Folder}:/bin/sh\n", Everyone);
        WriteFile("/etc/group", $"root:x:0:\n{honey.User}:x:{Bundle.Nobody}:\n", Everyone);
        WriteFile("/etc/hostname", $"{honey.Machine}\n", Everyone);
        WriteFile("/etc/hosts", $"127.0.0.1 localhost {honey.Machine}\n", Everyone);
        WriteFile("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n", Everyone);
        if (File.Exists("/etc/ld.so.cache"))
        {
            File.Copy("/etc/ld.so.cache", Path.Combine(Root, "etc/ld.so.cache"));
        }

        FurnishHome(honey);
        CopyLoader(new DirectoryInfo(loaderFolder), Loader);
    }

    private void FurnishHome(HoneyHome honey)
    {
        MakeFolder(Root + honey.Folder, EveryoneChanges);
        foreach (var (path, content) in honey.Files.Concat(honey.Furniture).OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            var folder = honey.Folder;
            foreach (var part in Path.GetDirectoryName(path)![honey.Folder.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                folder = $"{folder}/{part}";
                MakeFolder(Root + folder, EveryoneChanges);
            }

            WriteFile(path, content, EveryoneWrites);
        }
    }

    private void WriteFile(string path, string content, UnixFileMode mode)
    {
        File.WriteAllText(Root + path, content);
        File.SetUnixFileMode(Root + path, mode);
    }

    /// <summary>The mode is set again because creation is subject to the umask.</summary>
    private static void MakeFolder(string folder, UnixFileMode mode)
    {
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, mode);
    }

    private static void CopyLoader(DirectoryInfo source, string target)
    {
        MakeFolder(target, EveryoneEnters);
        foreach (var entry in source.EnumerateFileSystemInfos().Where(entry => entry.Name != "__pycache__"))
        {
            var copy = Path.Combine(target, entry.Name);
            if (entry is DirectoryInfo folder)
            {
                CopyLoader(folder, copy);
                continue;
            }

            File.Copy(entry.FullName, copy);
            File.SetUnixFileMode(copy, Everyone);
        }
    }
}
