using System.Diagnostics;
using System.Runtime.Versioning;

namespace DynaHug.Coordinator.Tests.Launching;

/// <summary>The script at the root, up to the point where it would install or build something. Package tools are stand-ins on the PATH.</summary>
[SupportedOSPlatform("linux")]
public sealed class LauncherSpecs : IDisposable
{
    private readonly DirectoryInfo tools = Directory.CreateTempSubdirectory("dynahug-launcher-");

    [Fact]
    public async Task Prints_what_it_would_install_and_stops()
    {
        AddTool("dpkg-query", "echo 'installed python3'; exit 1");
        AddTool("apt-get", $"touch {tools.FullName}/apt-get-ran");

        var (exitCode, output) = await RunAsync("demo", "--once", "--no-install");

        exitCode.ShouldBe(0, output);
        output.ShouldContain("apt-get update");
        output.ShouldMatch("apt-get install -y --no-install-recommends runsc .*python3-torch");
        output.ShouldNotContain("recommends python3 ");
        File.Exists(Path.Combine(tools.FullName, "apt-get-ran")).ShouldBeFalse();
    }

    [Fact]
    public async Task Says_that_there_is_nothing_to_install()
    {
        AddTool("dpkg-query", "for package in \"${@:3}\"; do echo \"installed $package\"; done");

        var (exitCode, output) = await RunAsync("demo", "--no-install");

        exitCode.ShouldBe(0, output);
        output.ShouldStartWith("nothing to install");
    }

    [Fact]
    public async Task A_failed_installation_ends_with_apts_own_words()
    {
        AddTool("dpkg-query", "exit 1");
        AddTool("sudo", "exec \"$@\"");
        AddTool("apt-get", "echo 'E: no network here'; exit 100");

        var (exitCode, output) = await RunAsync("demo", "--once");

        exitCode.ShouldBe(2, output);
        output.ShouldContain("E: no network here");
        output.ShouldContain("the packages could not be installed");
    }

    public void Dispose() => tools.Delete(recursive: true);

    private void AddTool(string name, string script)
    {
        var path = Path.Combine(tools.FullName, name);
        File.WriteAllText(path, $"#!/bin/bash\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Root(), "dynahug"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = tools.FullName,
        };
        start.Environment["PATH"] = $"{tools.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DynaHug.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside the repository; no DynaHug.sln above them");
        }

        return folder.FullName;
    }
}
