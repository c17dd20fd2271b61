using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace DynaHug.Worker.Sandbox;

/// <summary>Ends a sandbox and removes what it used, however it came to its end.</summary>
internal static class SandboxEnd
{
    /// <summary>How long the end of a killed or finished sandbox may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Kills runsc; gVisor's kernel and file server end with it.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Ends what runs, waits for it, and removes control group and files.</summary>
    /// <param name="process">The run's runsc, or null where it was never started.</param>
    public static async Task CleanAsync(RunFolder run, Process? process, ILogger logger, TimeProvider clock)
    {
        if (process is not null)
        {
            Kill(process);
        }

        if (!await ProcessTable.EndAsync(run.Folder + '/', Patience, clock) || !await Cgroups.RemoveAsync(run.Cgroup, Patience, clock))
        {
            logger.LogError("processes of sandbox {Folder} do not end", run.Folder);
        }

        Directory.Delete(run.Folder, recursive: true);
    }
}
