using System.Diagnostics;
using DynaHug.Shared;

namespace DynaHug.Coordinator.Hosting;

/// <summary>Runs the Python programs that write sample models with the real libraries. They write only; nothing is loaded.</summary>
public static class SampleHub
{
    private const string Python = "/usr/bin/python3";

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Samples", name);

    /// <summary>Makes the sample hub in a folder, once: a folder that holds a finished one of the same seed is left as it is.</summary>
    /// <param name="benignOnly">Leave the malicious repos out, for a starter profile.</param>
    public static async Task MakeAsync(string folder, int seed, bool benignOnly, CancellationToken cancel)
    {
        var mark = Path.Combine(folder, ".finished");
        var wanted = $"seed {seed}{(benignOnly ? ", benign only" : "")}";
        if (File.Exists(mark) && await File.ReadAllTextAsync(mark, cancel) == wanted)
        {
            return;
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        string[] arguments = [Script("make_sample_hub.py"), "--out", folder, "--seed", seed.ToString(), .. benignOnly ? ["--benign-only"] : Array.Empty<string>()];
        await RunAsync(arguments, cancel);
        await File.WriteAllTextAsync(mark, wanted, cancel);
    }

    /// <summary>Writes one malicious sample, with a harmless payload, to a file.</summary>
    public static Task MakeMaliciousAsync(string technique, string file, CancellationToken cancel) =>
        RunAsync([Script("make_sample.py"), "--technique", technique, "--out", file], cancel);

    private static async Task RunAsync(string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Python) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PYTHONHASHSEED"] = "0";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Start(start);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode != 0)
            {
                var tail = (await errors).TrimEnd().Split('\n')[^1];
                throw new UsageException($"sample models could not be written: {Printable.Of(tail)}; python3-torch and its companions must be installed (dynahug doctor says which are missing)");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new UsageException($"{Python} cannot be started ({missing.Message}); install python3 and python3-torch", missing);
        }
    }
}
