using System.Text.Json;
using DynaHug.Shared.Static;
using DynaHug.Shared.Wire;
using Microsoft.Extensions.Logging;

namespace DynaHug.Worker.Sandbox;

/// <summary>Images by key in one folder, built once however many processes want them.</summary>
internal sealed class ImageStore(SandboxOptions options, Runsc runsc, SandboxSession session, ChildProcesses children, ILogger logger, TimeProvider clock)
{
    private const string Aside = ".aside-";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private string Folder => Path.Combine(Path.GetFullPath(options.Folder), "images");

    /// <summary>The image, built if need be.</summary>
    /// <param name="fresh">Build it again even if it is there, because it turned out broken.</param>
    /// <exception cref="SandboxException">It cannot be built.</exception>
    public async Task<(ImageFolder Image, HoneyHome Honey, LoaderProtocol.Ready Ready)> EnsureAsync(SandboxMode mode, LibrarySet libraries, bool fresh, CancellationToken cancel)
    {
        var image = new ImageFolder(Path.Combine(Folder, EnvironmentFingerprint.ImageKey(options, runsc, mode, libraries)), libraries);
        Directory.CreateDirectory(Folder);
        var patience = TimeSpan.FromSeconds(2 * options.StartSeconds);
        using var only = await FileLock.AcquireAsync($"{image.Folder}.lock", patience, clock, cancel);
        if (fresh && Directory.Exists(image.Folder))
        {
            SetAside(image);
        }

        var honey = await HoneyOfAsync(image, cancel);
        if (!Directory.Exists(image.Folder))
        {
            await BuildAsync(image, honey, mode, cancel);
        }

        var ready = JsonSerializer.Deserialize<LoaderProtocol.Ready>(await File.ReadAllTextAsync(image.Ready, cancel), Json.Options);
        return (image, honey, ready ?? throw new SandboxException($"'{image.Ready}' is broken; delete '{image.Folder}'"));
    }

    /// <summary>Out of the way, but there for other processes' sandboxes that wait on it; those set aside long ago go now.</summary>
    private void SetAside(ImageFolder image)
    {
        Directory.Move(image.Folder, $"{image.Folder}{Aside}{Guid.NewGuid():n}");
        foreach (var old in new DirectoryInfo(Folder).EnumerateDirectories($"*{Aside}*").Where(old => clock.GetUtcNow() - old.LastWriteTimeUtc > Kept))
        {
            old.Delete(recursive: true);
        }
    }

    /// <summary>Drawn once for an image, and the same when it is made again: other processes may have it in use.</summary>
    private static async Task<HoneyHome> HoneyOfAsync(ImageFolder image, CancellationToken cancel)
    {
        var file = $"{image.Folder}.honey";
        if (new FileInfo(file) is not { Exists: true, Length: > 0 })
        {
            await File.WriteAllTextAsync(file, HoneyHome.Draw().Seed, cancel);
        }

        return HoneyHome.Of(await File.ReadAllTextAsync(file, cancel));
    }

    /// <summary>In a folder beside, which then gets the name: an image under its name is whole.</summary>
    private async Task BuildAsync(ImageFolder image, HoneyHome honey, SandboxMode mode, CancellationToken cancel)
    {
        var begin = clock.GetTimestamp();
        var unfinished = image with { Folder = $"{image.Folder}.unfinished" };
        if (Directory.Exists(unfinished.Folder))
        {
            Directory.Delete(unfinished.Folder, recursive: true);
        }

        unfinished.Furnish(options.LoaderFolder, honey);
        var ready = await WarmUpAsync(unfinished, honey, mode, cancel);
        await File.WriteAllTextAsync(unfinished.Ready, JsonSerializer.Serialize(ready, Json.Options), cancel);
        Directory.Move(unfinished.Folder, image.Folder);
        logger.LogInformation("sandbox image {Image} made in {Seconds:0.0} s", image.Folder, clock.GetElapsedTime(begin).TotalSeconds);
    }

    /// <summary>Starts the loader once, until it has imported its libraries, and takes the checkpoint.</summary>
    private async Task<LoaderProtocol.Ready> WarmUpAsync(ImageFolder image, HoneyHome honey, SandboxMode mode, CancellationToken cancel)
    {
        var run = session.NewRun();
        var memory = (long)options.MemoryMegabytes << 20;
        var bundle = Bundle.Describe(options, image, honey, run.Slot, runsc.Cgroups ? run.Cgroup : null, memory);
        await File.WriteAllTextAsync(run.Config, bundle.ToJson(), cancel);
        using var process = await children.StartAsync(runsc.Run(run, traced: false));
        try
        {
            var output = new OutputCollector(process.StandardOutput.BaseStream, options.OutputBytes);
            var errors = new OutputCollector(process.StandardError.BaseStream, options.OutputBytes);
            var drained = Task.WhenAll(output.DrainAsync(), errors.DrainAsync());
            var line = await output.FirstLine.WaitAsync(TimeSpan.FromSeconds(options.StartSeconds), clock, cancel);
            if (line is null)
            {
                await drained;
                var log = File.Exists(run.Log) ? await File.ReadAllTextAsync(run.Log, cancel) : "";
                throw new SandboxException($"the loader did not start: {Shared.Printable.Of((errors.Text() + log).Trim(), 800)}");
            }

            var ready = LoaderProtocol.ReadReady(line);
            if (mode == SandboxMode.Restore)
            {
                Directory.CreateDirectory(image.Checkpoint);
                await CheckpointAsync(run, image, cancel);
            }

            return ready;
        }
        catch (TimeoutException late)
        {
            throw new SandboxException($"the loader was not ready within {options.StartSeconds} s", late);
        }
        finally
        {
            await SandboxEnd.CleanAsync(run, process, logger, clock);
        }
    }

    private async Task CheckpointAsync(RunFolder run, ImageFolder image, CancellationToken cancel)
    {
        using var process = await children.StartAsync(runsc.Checkpoint(run, image.Checkpoint));
        process.StandardInput.Close();
        var output = new OutputCollector(process.StandardOutput.BaseStream, options.OutputBytes);
        var errors = new OutputCollector(process.StandardError.BaseStream, options.OutputBytes);
        await Task.WhenAll(output.DrainAsync(), errors.DrainAsync(), process.WaitForExitAsync(cancel)).WaitAsync(TimeSpan.FromSeconds(options.StartSeconds), clock, cancel);
        if (process.ExitCode != 0)
        {
            throw new SandboxException($"runsc checkpoint failed with code {process.ExitCode}: {Shared.Printable.Of(errors.Text().Trim(), 600)}");
        }

        Unfold(image.CheckpointFile);
    }

    /// <summary>Only speed depends on it.</summary>
    private void Unfold(string checkpoint)
    {
        try
        {
            CheckpointFile.Unfold(checkpoint);
        }
        catch (Exception odd) when (odd is InvalidDataException or IOException)
        {
            logger.LogWarning("restoring will be slow, the checkpoint stays compressed: {Reason}", odd.Message);
        }
    }
}
