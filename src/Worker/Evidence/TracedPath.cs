namespace DynaHug.Worker.Evidence;

/// <summary>Paths as a load wrote them, brought to the form in which they can be compared.</summary>
public static class TracedPath
{
    /// <summary>
    /// Without <c>.</c>, <c>..</c>, doubled slashes and detours over <c>/proc/self/root</c>. A relative path stays relative, as nobody outside
    /// knows the working directory, and what goes through <c>/proc/self/cwd</c> becomes so. Links are not followed.
    /// </summary>
    public static string Normalise(string path)
    {
        var parts = new List<string>();
        var absolute = path.StartsWith('/');
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ".."))
            {
                parts.Add(part);
            }

            if (absolute && parts is ["proc", _, "root" or "cwd"])
            {
                absolute = parts[2] == "root";
                parts.Clear();
            }
        }

        var joined = string.Join('/', parts);
        return absolute ? "/" + joined : joined;
    }

    /// <summary>Whether a path, absolute or relative to an unknown folder, can mean this absolute one; a bare common name does not suffice.</summary>
    public static bool CanMean(string normalised, string absolute) =>
        normalised == absolute
        || (!normalised.StartsWith('/') && (normalised.Contains('/') || normalised.StartsWith('.') || normalised.StartsWith("id_", StringComparison.Ordinal))
            && absolute.EndsWith("/" + normalised, StringComparison.Ordinal));

    /// <summary>In a folder for temporary files, or a nameless file there.</summary>
    public static bool IsTemporary(string normalised) =>
        normalised == "/tmp"
        || normalised.StartsWith("/tmp/", StringComparison.Ordinal)
        || normalised.StartsWith("/var/tmp/", StringComparison.Ordinal)
        || normalised.StartsWith("/dev/shm/", StringComparison.Ordinal);

    /// <summary>Memory file systems and devices that a load may write to without leaving anything.</summary>
    public static bool IsScratch(string normalised) =>
        normalised is "/dev/null" or "/dev/zero" or "/dev/full" or "/dev/tty"
        || IsTemporary(normalised)
        || normalised.StartsWith("/proc/self/fd/", StringComparison.Ordinal)
        || normalised.StartsWith("/dev/fd/", StringComparison.Ordinal);
}
