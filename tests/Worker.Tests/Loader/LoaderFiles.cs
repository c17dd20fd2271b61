using System.Diagnostics;
using DynaHug.Worker.Tests.Sandbox;

namespace DynaHug.Worker.Tests.Loader;

/// <summary>The files of <c>write_files.py</c>, written once by the libraries that own their formats. They are loaded in the sandbox only.</summary>
public sealed class LoaderFiles : IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";

    private readonly string folder = Directory.CreateTempSubdirectory("dynahug-loader-files-").FullName;
    private string missing = "";

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Python))
        {
            missing = $"{Python} is not installed";
            return;
        }

        var start = new ProcessStartInfo(Python) { RedirectStandardError = true };
        foreach (var argument in new[] { "-s", "-B", Path.Combine(AppContext.BaseDirectory, "Loader", "write_files.py"), folder })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        missing = process.ExitCode == 0 ? "" : $"write_files.py failed: {errors.Trim().Split('\n')[^1]}";
    }

    /// <summary>Bytes of one file; skips the test where they cannot be written here.</summary>
    public byte[] Read(string kind, string name)
    {
        Assert.SkipWhen(missing.Contains("No module named", StringComparison.Ordinal) || missing.Contains("not installed", StringComparison.Ordinal), missing);
        missing.ShouldBe("");
        return File.ReadAllBytes(Path.Combine(folder, kind, name));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
