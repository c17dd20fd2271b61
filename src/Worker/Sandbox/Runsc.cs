using System.Diagnostics;
using System.Text.RegularExpressions;

namespace DynaHug.Worker.Sandbox;

/// <summary>Command lines of gVisor's runtime.</summary>
internal sealed partial class Runsc(SandboxOptions options, string version, bool cgroups)
{
    /// <summary>As <c>runsc --version</c> says, for example <c>0.0~20221219.0</c>.</summary>
    public string Version { get; } = version;

    /// <summary>Are memory, processes and processors limited by the host's control groups?</summary>
    public bool Cgroups { get; } = cgroups;

    /// <summary>Flags that decide what a load sees; part of the environment fingerprint.</summary>
    public IReadOnlyList<string> Flags { get; } =
    [
        "--network=none",
        "--platform=ptrace",
        "--overlay2=root:memory",
        cgroups ? "--cpu-num-from-quota" : "--ignore-cgroups",
        .. Environment.IsPrivilegedProcess ? Array.Empty<string>() : ["--rootless"],
    ];

    public IReadOnlyList<string> Run(RunFolder run, bool traced) => [.. Start(run, traced), "run", "--bundle", run.Folder, run.Container];

    public IReadOnlyList<string> Restore(RunFolder run, string checkpoint) =>
        [.. Start(run, traced: true), "restore", $"--image-path={checkpoint}", "--bundle", run.Folder, run.Container];

    public IReadOnlyList<string> Checkpoint(RunFolder run, string checkpoint) => [.. Start(run, traced: false), "checkpoint", $"--image-path={checkpoint}", run.Container];

    /// <summary>Finds the runtime and asks for its version.</summary>
    /// <exception cref="SandboxUnavailableException">It is not there or does not run.</exception>
    public static async Task<Runsc> FindAsync(SandboxOptions options, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(options.Runsc, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start) ?? throw new InvalidOperationException("no process was made");
            var said = await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            var version = VersionLine().Match(said);
            return process.ExitCode == 0 && version.Success
                ? new Runsc(options, version.Groups[1].Value, Environment.IsPrivilegedProcess && Sandbox.Cgroups.Usable())
                : throw new SandboxUnavailableException($"'{options.Runsc} --version' failed with code {process.ExitCode}; reinstall it: apt-get install --reinstall runsc");
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new SandboxUnavailableException(
                $"gVisor's '{options.Runsc}' is not installed, and files are never loaded without a sandbox; install it: apt-get install runsc", failure);
        }
    }

    private IEnumerable<string> Start(RunFolder run, bool traced) =>
    [
        options.Runsc, $"--root={run.State}", $"--log={run.Log}", .. Flags, .. traced ? [$"--pod-init-config={run.Session}"] : Array.Empty<string>(),
    ];

    [GeneratedRegex(@"^runsc version (\S+)", RegexOptions.Multiline)]
    private static partial Regex VersionLine();
}
