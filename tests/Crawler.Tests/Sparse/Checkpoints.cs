using System.Diagnostics;

namespace DynaHug.Crawler.Tests.Sparse;

/// <summary>The files of <c>write_checkpoints.py</c>, written once by torch. No test loads one outside of a sandbox.</summary>
public sealed class Checkpoints : IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";

    private readonly string folder = Directory.CreateTempSubdirectory("dynahug-checkpoints-").FullName;
    private string missing = "";

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Python))
        {
            missing = $"{Python} is not installed";
            return;
        }

        var program = Path.Combine(AppContext.BaseDirectory, "Sparse", "write_checkpoints.py");
        var start = new ProcessStartInfo(Python, ["-s", "-B", program, Path.Combine(AppContext.BaseDirectory, "Samples"), Path.Combine(folder, "out")])
        {
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        missing = process.ExitCode == 0 ? "" : $"write_checkpoints.py failed: {errors.Trim().Split('\n')[^1]}";
    }

    /// <summary>Paths of one kind: <c>understood</c>, <c>fine-tuned</c>, <c>refused</c>. Skips the test where they cannot be written here.</summary>
    public IReadOnlyList<string> Of(string kind)
    {
        Assert.SkipWhen(missing.Contains("No module named", StringComparison.Ordinal) || missing.Contains("not installed", StringComparison.Ordinal), missing);
        missing.ShouldBe("");
        return [.. Directory.EnumerateFiles(Path.Combine(folder, "out", kind)).Order(StringComparer.Ordinal)];
    }

    /// <summary>A place for a file of the test's own.</summary>
    public string NewFile(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("n"))).FullName, name);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
