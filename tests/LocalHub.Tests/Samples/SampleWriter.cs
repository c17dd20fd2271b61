using System.Diagnostics;

namespace DynaHug.LocalHub.Tests.Samples;

/// <summary>Runs the Python programs that write sample models, as the demo does. They write only; nothing is loaded.</summary>
internal static class SampleWriter
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Why samples cannot be written on this machine, or null.</summary>
    public static string? Missing { get; } = FindMissing();

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "Samples", script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    private static string? FindMissing()
    {
        var libraries = new[] { "torch", "joblib", "sklearn", "dill", "cloudpickle", "pandas" };
        var absent = libraries.Where(library => !Directory.Exists($"/usr/lib/python3/dist-packages/{library}")).ToList();
        return File.Exists(Python) && absent.Count == 0 ? null : $"samples are written by the system's Python, which has no {string.Join(", ", absent)}";
    }
}
