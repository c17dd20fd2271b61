using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Worker.Tracing;
using Microsoft.Extensions.Logging;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// Finds the strongest way to run sandboxes that works on this machine and says so where it is not the wanted one. The way is part of
/// the environment: traces of different ways never mix.
/// </summary>
internal sealed class SandboxStarter(
    SandboxOptions options, SandboxSession session, ChildProcesses children, BlobStore blobs, ILogger logger, TimeProvider clock)
{
    /// <exception cref="SandboxException">No way works; the message is the last one's.</exception>
    public async Task<GvisorSandbox> StartAsync(Runsc runsc, CancellationToken cancel)
    {
        var ways = Ways(runsc).ToList();
        foreach (var (way, mode) in ways[..^1])
        {
            try
            {
                return await TryAsync(way, mode, cancel);
            }
            catch (SandboxException failure)
            {
                logger.LogWarning("{Mode} sandboxes (control groups: {Cgroups}) do not work here: {Reason}", mode, way.Cgroups, failure.Message);
            }
        }

        return await TryAsync(ways[^1].Runsc, ways[^1].Mode, cancel);
    }

    private IEnumerable<(Runsc Runsc, SandboxMode Mode)> Ways(Runsc runsc)
    {
        SandboxMode[] modes = options.Mode == SandboxMode.Restore ? [SandboxMode.Restore, SandboxMode.Cold] : [SandboxMode.Cold];
        foreach (var mode in modes)
        {
            yield return (runsc, mode);
            if (runsc.Cgroups)
            {
                yield return (new Runsc(options, runsc.Version, cgroups: false), mode);
            }
        }
    }

    /// <summary>An image may have been damaged since it was made: it gets one second chance, freshly built.</summary>
    private async Task<GvisorSandbox> TryAsync(Runsc runsc, SandboxMode mode, CancellationToken cancel)
    {
        try
        {
            return await StartOnceAsync(runsc, mode, fresh: false, cancel);
        }
        catch (SandboxException failure)
        {
            logger.LogWarning("the sandbox image is made again: {Reason}", failure.Message);
            return await StartOnceAsync(runsc, mode, fresh: true, cancel);
        }
    }

    private async Task<GvisorSandbox> StartOnceAsync(Runsc runsc, SandboxMode mode, bool fresh, CancellationToken cancel)
    {
        var images = new ImageStore(options, runsc, session, children, logger, clock);
        var pools = new Dictionary<LibrarySet, WarmPool>();
        var environment = "";
        foreach (var libraries in Enum.GetValues<LibrarySet>())
        {
            var (image, honey, ready) = await images.EnsureAsync(mode, libraries, fresh, cancel);
            pools[libraries] = new WarmPool(new SandboxRun(options, runsc, mode, image, honey, children, logger, clock), session, options, logger, clock);
            environment = libraries == LibrarySet.All ? EnvironmentFingerprint.Of(options, runsc, mode, ready) : environment;
        }

        var sandbox = GvisorSandbox.Of(environment, mode, session, children, pools, blobs);
        try
        {
            await ProveAsync(sandbox, cancel);
        }
        catch
        {
            await sandbox.EndPoolsAsync();
            throw;
        }

        logger.LogInformation("sandbox {Environment} is ready ({Mode}, control groups: {Cgroups})", environment, mode, runsc.Cgroups);
        return sandbox;
    }

    private async Task ProveAsync(GvisorSandbox sandbox, CancellationToken cancel)
    {
        var canary = Path.Combine(session.Folder, "canary");
        await File.WriteAllBytesAsync(canary, Canary.Benign.ToArray(), cancel);
        foreach (var libraries in Enum.GetValues<LibrarySet>())
        {
            var run = await sandbox.RunAsync(Canary.RequestFor(canary) with { Libraries = libraries }, cancel);
            if (!Canary.IsComplete(run) || run.ExitCode != 0 || run.LoaderReport is null)
            {
                var said = Shared.Printable.Of(run.StandardError.Trim(), 400);
                throw new SandboxException($"a harmless file does not give a complete trace ({run.End}, code {run.ExitCode}, {run.Events.Count} events, {run.Dropped} dropped): {said}");
            }
        }
    }
}
