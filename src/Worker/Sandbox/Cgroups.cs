namespace DynaHug.Worker.Sandbox;

/// <summary>
/// The host's control groups, in which the memory and the processes of a sandbox are limited. runsc makes a group a run and removes it
/// after a normal end; after a kill it stays behind, and we remove it.
/// </summary>
internal static class Cgroups
{
    private const string Mount = "/sys/fs/cgroup";

    /// <summary>Parent of all groups of ours.</summary>
    public const string Parent = "/dynahug";

    /// <summary>Can we limit memory and processes here? In a container the hierarchy is usually read-only.</summary>
    public static bool Usable()
    {
        try
        {
            var controllers = Path.Combine(Mount, "cgroup.subtree_control");
            string[] hierarchies = File.Exists(controllers) && File.ReadAllText(controllers).Split(' ', '\n') is var granted && granted.Contains("memory") && granted.Contains("pids")
                ? [Mount]
                : [Path.Combine(Mount, "memory"), Path.Combine(Mount, "pids")];
            return hierarchies.All(CanMakeGroup);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes what is left of a run's group in every hierarchy. A group that still has processes stays, and the next sweep finds it.</summary>
    public static void Remove(string group)
    {
        foreach (var folder in FoldersOf(group))
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
            {
                // Its last process is not reaped yet; swept at the next start.
            }
        }
    }

    /// <summary>Names of the groups below <see cref="Parent"/>.</summary>
    public static IReadOnlyList<string> Names() =>
        [.. FoldersOf(Parent).SelectMany(Directory.EnumerateDirectories).Select(folder => Path.GetFileName(folder)).Distinct()];

    private static List<string> FoldersOf(string group) =>
        [.. (Directory.Exists(Mount) ? Directory.EnumerateDirectories(Mount).Append(Mount) : []).Select(hierarchy => hierarchy + group).Where(Directory.Exists)];

    private static bool CanMakeGroup(string hierarchy)
    {
        if (!Directory.Exists(hierarchy) || !Path.Exists(Path.Combine(hierarchy, "cgroup.procs")))
        {
            return false;
        }

        var probe = Path.Combine(hierarchy, $"dynahug-probe-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}");
        Directory.CreateDirectory(probe);
        Directory.Delete(probe);
        return true;
    }
}
