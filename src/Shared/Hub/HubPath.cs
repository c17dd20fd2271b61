namespace DynaHug.Shared.Hub;

/// <summary>Checks file paths that a hub names, so that none can leave the folder it is written under.</summary>
public static class HubPath
{
    private const int MaxLength = 1024;

    /// <summary>True for a relative path of ordinary segments: no empty, <c>.</c> or <c>..</c> segment, no backslash, no control character.</summary>
    public static bool IsSafe(string? path) =>
        path is { Length: > 0 and <= MaxLength }
        && !path.Contains('\\')
        && !path.Any(char.IsControl)
        && Array.TrueForAll(path.Split('/'), segment => segment is not ("" or "." or ".."));
}
