using System.Diagnostics;

namespace DynaHug.Worker.Sandbox;

/// <summary>The command line of gVisor's <c>runsc</c>, one state folder a sandbox so that nothing is shared between two.</summary>
internal sealed class Runsc(SandboxOptions options, bool controlGroups)
{
    /// <summary>Runs a container attached: the process ends when the container does, and killing it ends the container.</summary>
    public Task<Process> RunAsync(string state, string bundle, string id, string? traceConfig) =>
        Supervisor.StartAsync(options.Runsc, [.. Common(state, traceConfig), "run", "--bundle", bundle, id]);

    /// <summary>Restores a checkpoint as a new container, attached.</summary>
    public Task<Process> RestoreAsync(string state, string bundle, string id, string image, string traceConfig) =>
        Supervisor.StartAsync(options.Runsc, [.. Common(state, traceConfig), "restore", "--image-path", image, "--bundle", bundle, id]);

    /// <summary>Writes a running container to an image folder and ends it.</summary>
    public async Task CheckpointAsync(string state, string id, string image, CancellationToken cancel)
    {
        var (exitCode, _, errors) = await Supervisor.RunAsync(options.Runsc, [.. Common(state, null), "checkpoint", "--image-path", image, id], cancel);
        if (exitCode != 0)
        {
            throw new SandboxException($"runsc checkpoint failed ({exitCode}): {LastLine(errors)}");
        }
    }

    /// <summary>Removes what a container leaves behind, its control group too.</summary>
    public Task DeleteAsync(string state, string id) =>
        Supervisor.RunAsync(options.Runsc, [.. Common(state, null), "delete", "--force", id], CancellationToken.None);

    public async Task<string> VersionAsync(CancellationToken cancel)
    {
        var (_, output, _) = await Supervisor.RunAsync(options.Runsc, ["--version"], cancel);
        return output.Split('\n')[0].Replace("runsc version ", "", StringComparison.Ordinal).Trim();
    }

    internal static string LastLine(string errors) => Shared.Printable.Of(errors.TrimEnd().Split('\n')[^1], 300);

    private IEnumerable<string> Common(string state, string? traceConfig) =>
    [
        $"--root={state}",
        "--network=none",
        "--platform=ptrace",
        .. controlGroups ? Array.Empty<string>() : ["--ignore-cgroups"],
        .. traceConfig is null ? Array.Empty<string>() : [$"--pod-init-config={traceConfig}"],
    ];
}
