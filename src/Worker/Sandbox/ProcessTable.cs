using System.Diagnostics;
using System.Text;

namespace DynaHug.Worker.Sandbox;

/// <summary>Finds and ends processes of a sandbox by the folder that is named in their arguments: gVisor's processes carry <c>--root</c>.</summary>
internal static class ProcessTable
{
    /// <summary>Ids of processes whose command line holds the text.</summary>
    public static IReadOnlyList<int> WithArgument(string text) =>
        [.. Directory.EnumerateDirectories("/proc").Select(IdOf).Where(id => id > 0 && id != Environment.ProcessId && Arguments(id).Contains(text, StringComparison.Ordinal))];

    /// <summary>Kills what still runs and waits until it is gone.</summary>
    /// <returns>False when something survived <paramref name="patience"/>.</returns>
    public static async Task<bool> EndAsync(string text, TimeSpan patience, TimeProvider clock)
    {
        var begin = clock.GetTimestamp();
        while (WithArgument(text) is { Count: > 0 } left)
        {
            if (clock.GetElapsedTime(begin) > patience)
            {
                return false;
            }

            foreach (var id in left)
            {
                Kill(id);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, CancellationToken.None);
        }

        return true;
    }

    /// <summary>
    /// Resident bytes of the processes with the text in their arguments and of all below them. A sandbox's memory is one shared file
    /// that its processes map, so the largest shared part counts once, and private parts add up.
    /// </summary>
    public static long TreeMemory(string text)
    {
        var members = WithArgument(text).ToHashSet();
        var all = Directory.EnumerateDirectories("/proc").Select(IdOf).Where(id => id > 0).Order().Select(id => (Id: id, Status: Status(id))).ToList();
        foreach (var (id, status) in all.Where(process => members.Contains(Number(process.Status, "PPid:"))))
        {
            members.Add(id);
        }

        var statuses = all.Where(process => members.Contains(process.Id)).Select(process => process.Status).ToList();
        var shared = statuses.Select(status => Number(status, "RssShmem:")).DefaultIfEmpty().Max();
        return 1024 * (shared + statuses.Sum(status => (long)Number(status, "RssAnon:")));
    }

    private static string Status(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/status");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static int Number(string status, string name)
    {
        var line = status.Split('\n').FirstOrDefault(candidate => candidate.StartsWith(name, StringComparison.Ordinal)) ?? "";
        return int.TryParse(line[Math.Min(name.Length, line.Length)..].Replace("kB", "").Trim(), out var value) ? value : 0;
    }

    private static int IdOf(string folder) => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0;

    private static string Arguments(int id)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/cmdline"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Kills a process, should it still be there.</summary>
    public static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It ended by itself between the look and the kill, which is all that was wanted.
        }
    }
}
