namespace DynaHug.Worker.Sandbox;

/// <summary>Whether this process may make control groups; without them memory is bounded by RLIMIT_AS alone, and the doctor says so.</summary>
internal static class ControlGroups
{
    private const string Root = "/sys/fs/cgroup";

    public static bool Usable() => Environment.UserName == "root" && (Writable(Path.Combine(Root, "memory")) || Writable(Root));

    private static bool Writable(string folder)
    {
        var attempt = Path.Combine(folder, $"dynahug-probe-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(attempt);
            Directory.Delete(attempt);
            return true;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
