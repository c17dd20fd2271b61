namespace DynaHug.Worker.Sandbox;

/// <summary>
/// The host's control groups, in which memory, processes and processors of a sandbox are limited. runsc makes a group a run and removes it
/// after a normal end; after a kill it stays behind, and we remove it.
/// </summary>
internal static class Cgroups
{
    private const string Mount = "/sys/fs/cgroup";

    /// <summary>Parent of all groups of ours.</summary>
    public const string Parent = "/dynahug";

    /// <summary>Can we limit all of it here? In a container the hierarchy is usually read-only.</summary>
    public static bool Usable()
    {
        try
        {
            var controllers = Path.Combine(Mount, "cgroup.subtree_control");
            string[] hierarchies = File.Exists(controllers) && File.ReadAllText(controllers).Split(' ', '\n') is var granted && new[] { "memory", "pids", "cpu" }.All(granted.Contains)
                ? [Mount]
                : [Path.Combine(Mount, "memory"), Path.Combine(Mount, "pids"), Path.Combine(Mount, "cpu")];
            return hierarchies.All(CanMakeGroup);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Removes a run's group from every hierarchy, killing whoever is still in it: processes that serve gVisor inside carry no
    /// arguments, and the group is the only sure way to find them. The kernel lets a group go only after its last process is reaped.
    /// </summary>
    /// <returns>False when something is left after <paramref name="patience"/>; the next sweep finds it.</returns>
    public static async Task<bool> RemoveAsync(string group, TimeSpan patience, TimeProvider clock)
    {
        var begin = clock.GetTimestamp();
        while (!FoldersOf(group).All(TryRemove))
        {
            if (clock.GetElapsedTime(begin) > patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, CancellationToken.None);
        }

        return true;
    }

    /// <summary>Names of the groups below <see cref="Parent"/>.</summary>
    public static IReadOnlyList<string> Names() =>
        [.. FoldersOf(Parent).SelectMany(Directory.EnumerateDirectories).Select(folder => Path.GetFileName(folder)).Distinct()];

    private static List<string> FoldersOf(string group) =>
        [.. (Directory.Exists(Mount) ? Directory.EnumerateDirectories(Mount).Append(Mount) : []).Select(hierarchy => hierarchy + group).Where(Directory.Exists)];

    private static bool TryRemove(string folder)
    {
        try
        {
            foreach (var member in File.ReadLines(Path.Combine(folder, "cgroup.procs")).Select(int.Parse).Where(id => id > 0))
            {
                ProcessTable.Kill(member);
            }

            Directory.Delete(folder);
            return true;
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            return !Directory.Exists(folder);
        }
    }

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
