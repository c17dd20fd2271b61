using System.Runtime.CompilerServices;
using DynaHug.Shared.Artifacts;
using DynaHug.Worker.Tracing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Worker.Sandbox;

/// <summary>Says whether this machine can load files in sandboxes, and what to do if not.</summary>
public static class SandboxDoctor
{
    /// <summary>Image, slots and traces of one node fit in this.</summary>
    private const long LeastFreeBytes = 2L << 30;

    /// <summary>Examines one thing after another; later ones need earlier ones and are left out when those failed.</summary>
    public static async IAsyncEnumerable<DoctorCheck> ExamineAsync(SandboxOptions options, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        var wrong = 0;
        await foreach (var check in InstalledAsync(options, cancel))
        {
            wrong += check.Ok ? 0 : 1;
            yield return check;
        }

        if (wrong > 0)
        {
            yield break;
        }

        await foreach (var check in CanariesAsync(options, clock, cancel))
        {
            yield return check;
        }
    }

    private static async IAsyncEnumerable<DoctorCheck> InstalledAsync(SandboxOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return await OrRemedyAsync("gVisor (runsc)", async () =>
        {
            var runsc = await Runsc.FindAsync(options, cancel);
            var limits = runsc.Cgroups ? "memory and processes limited by control groups" : "no control groups for us: memory is watched, processes are limited by RLIMIT_NPROC";
            return $"version {runsc.Version}; {limits}";
        });

        IReadOnlyDictionary<string, string> installed = new Dictionary<string, string>();
        yield return await OrRemedyAsync("Python", async () =>
        {
            installed = await SandboxRequirements.InstalledAsync(options, cancel);
            return $"{options.Python}, version {installed["python"]}";
        });
        foreach (var (module, package) in SandboxRequirements.Libraries)
        {
            yield return installed.TryGetValue(module, out var version)
                ? new DoctorCheck(module, true, $"version {version}", "")
                : new DoctorCheck(module, false, "not installed", $"apt-get install {package}");
        }

        yield return File.Exists(Path.Combine(options.LoaderFolder, "loader.py"))
            ? new DoctorCheck("loader", true, options.LoaderFolder, "")
            : new DoctorCheck("loader", false, $"not at {options.LoaderFolder}", "build DynaHug again");
        yield return DiskSpace(options.Folder);
        if (SharedMemoryPages.Examine() is { } pages)
        {
            yield return pages;
        }
    }

    private static async IAsyncEnumerable<DoctorCheck> CanariesAsync(SandboxOptions options, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        GvisorSandbox? sandbox = null;
        yield return await OrRemedyAsync("sandbox", async () =>
        {
            var blobs = new BlobFolder(Path.Combine(options.Folder, "doctor"));
            sandbox = await GvisorSandbox.StartAsync(options, blobs, NullLogger.Instance, clock, cancel);
            return $"{sandbox.Environment} ({sandbox.Mode.ToString().ToLowerInvariant()})";
        });
        if (sandbox is null)
        {
            yield break;
        }

        await using (sandbox)
        {
            yield return await TryAsync("benign canary", sandbox, Canary.Benign, options, run => !Starts(run), "complete trace, no program started", cancel);
            yield return await TryAsync("malicious canary", sandbox, Canary.Malicious, options, Starts, "its program was seen", cancel);
        }
    }

    private static bool Starts(RunRecord run) => run.Events.Any(happened => happened.Point == TracePoint.ExecAttempt);

    private static async Task<DoctorCheck> TryAsync(
        string name, GvisorSandbox sandbox, ReadOnlyMemory<byte> content, SandboxOptions options, Func<RunRecord, bool> asExpected, string detail, CancellationToken cancel)
    {
        var file = Path.Combine(options.Folder, $"canary-{Environment.ProcessId}");
        try
        {
            await File.WriteAllBytesAsync(file, content.ToArray(), cancel);
            var run = await sandbox.RunAsync(Canary.RequestFor(file), cancel);
            return Canary.IsComplete(run) && asExpected(run)
                ? new DoctorCheck(name, true, $"{detail}; {run.Events.Count} events, {run.Seconds:0.0} s", "")
                : new DoctorCheck(name, false, $"{run.End}, code {run.ExitCode}, {run.Events.Count} events, {run.Dropped} dropped", "delete the sandbox folder and try again");
        }
        catch (SandboxException failure)
        {
            return new DoctorCheck(name, false, failure.Message, "try again; is the machine out of memory or disk?");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static DoctorCheck DiskSpace(string folder)
    {
        Directory.CreateDirectory(folder);
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        return free >= LeastFreeBytes
            ? new DoctorCheck("disk space", true, $"{free >> 20} MB free at {folder}", "")
            : new DoctorCheck("disk space", false, $"only {free >> 20} MB free at {folder}", $"free {LeastFreeBytes >> 20} MB, or choose another data folder with --data");
    }

    private static async Task<DoctorCheck> OrRemedyAsync(string name, Func<Task<string>> examine)
    {
        try
        {
            return new DoctorCheck(name, true, await examine(), "");
        }
        catch (SandboxUnavailableException missing)
        {
            return new DoctorCheck(name, false, "not usable", missing.Message);
        }
        catch (SandboxException failure)
        {
            return new DoctorCheck(name, false, failure.Message, "see the message; gVisor needs a kernel that allows ptrace and namespaces");
        }
    }
}
