namespace DynaHug.Worker.Tracing;

/// <summary>Makes paths of traced calls comparable: absolute, without <c>.</c>, <c>..</c> and doubled slashes. Links are not followed.</summary>
internal static class SandboxPath
{
    public const int Longest = 4096;

    /// <param name="folder">What a relative path is relative to; empty where the sandbox did not say.</param>
    public static string Resolve(string folder, string path)
    {
        if (path.Length == 0)
        {
            return "";
        }

        var full = path[0] == '/' || folder.Length == 0 ? path : $"{folder}/{path}";
        if (full[0] != '/')
        {
            return full;
        }

        var parts = new List<string>();
        foreach (var part in full.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(parts.Count - 1, 0), Math.Min(parts.Count, 1));
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        var resolved = "/" + string.Join('/', parts);
        return resolved.Length <= Longest ? resolved : resolved[..Longest];
    }
}
