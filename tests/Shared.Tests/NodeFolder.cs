using System.ComponentModel;
using System.Diagnostics;

namespace DynaHug.Shared.Tests;

/// <summary>A folder with packages of npm, gone after the test.</summary>
public sealed class NodeFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-npm-");

    public string Path => folder.FullName;

    /// <summary>Installs a package, its scripts not run.</summary>
    /// <returns>Why it cannot be had here; empty where it could.</returns>
    public async Task<string> InstallAsync(string package)
    {
        if (await TryAsync("node", "--version") is not { Code: 0 })
        {
            return "node is not installed";
        }

        var install = await TryAsync("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", package);
        return install.Code == 0 ? "" : $"npm cannot install {package}: {install.Errors.Trim().Split('\n')[^1]}";
    }

    /// <summary>Runs a program to its end; code -1 where it cannot be started.</summary>
    public async Task<(int Code, string Output, string Errors)> TryAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Path, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output, await errors);
        }
        catch (Win32Exception missing)
        {
            return (-1, "", missing.Message);
        }
    }

    public void Dispose() => folder.Delete(recursive: true);
}
