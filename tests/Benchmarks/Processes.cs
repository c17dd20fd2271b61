using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DynaHug.Benchmarks;

/// <summary>Processes that a measure starts: the real program, or this one in another part; and what the kernel says of them.</summary>
internal static class Processes
{
    public static Process Dynahug(params string[] arguments) => Start("dynahug.dll", arguments);

    public static Process Benchmarks(params string[] arguments) => Start($"{typeof(Processes).Assembly.GetName().Name}.dll", arguments);

    /// <summary>Reads what a process prints until a line matches; gives the first group.</summary>
    public static async Task<string> PrintedAsync(this Process process, Regex pattern)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (pattern.Match(line) is { Success: true } match)
            {
                return match.Groups[1].Value;
            }
        }

        throw new InvalidOperationException($"the program ended without printing {pattern}");
    }

    /// <summary>A figure of <c>/proc/PID/status</c>, in MiB (proc_pid_status(5)).</summary>
    public static long MemoryOf(this Process process, string name)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) >> 10;
    }

    private static Process Start(string assembly, string[] arguments)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet";
        return Process.Start(new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments]) { RedirectStandardOutput = true })!;
    }
}
