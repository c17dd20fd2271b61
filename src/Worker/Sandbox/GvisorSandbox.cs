using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Wire;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tracing;
using Microsoft.Extensions.Logging;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// Loads each file in a gVisor sandbox restored from <see cref="SandboxImage"/>, with the tracer outside, and ends it by the limits of
/// <see cref="SandboxOptions"/>. Nothing is left of a run but its trace.
/// </summary>
public sealed class GvisorSandbox : ISandbox
{
    private readonly SandboxOptions options;
    private readonly Runsc runsc;
    private readonly SandboxImage image;
    private readonly bool controlGroups;
    private readonly BlobStore blobs;
    private readonly TimeProvider clock;

    private GvisorSandbox(SandboxOptions options, Runsc runsc, SandboxImage image, bool controlGroups, BlobStore blobs, TimeProvider clock)
    {
        this.options = options;
        this.runsc = runsc;
        this.image = image;
        this.controlGroups = controlGroups;
        this.blobs = blobs;
        this.clock = clock;
    }

    public string Environment => image.Environment;

    private string Runs => Path.Combine(Path.GetFullPath(options.Folder), "runs");

    /// <exception cref="SandboxUnavailableException">This machine cannot run sandboxes; the message says what to install.</exception>
    /// <exception cref="SandboxException">The image could not be made.</exception>
    public static async Task<GvisorSandbox> StartAsync(SandboxOptions options, BlobStore blobs, ILogger logger, TimeProvider clock, CancellationToken cancel)
    {
        await RequireAsync(options, cancel);
        var controlGroups = ControlGroups.Usable();
        var runsc = new Runsc(options, controlGroups);
        var image = await SandboxImage.EnsureAsync(options, runsc, controlGroups, logger, cancel);
        logger.LogInformation("sandbox environment {Environment}", image.Environment);
        return new GvisorSandbox(options, runsc, image, controlGroups, blobs, clock);
    }

    /// <summary>Looks for the programs that sandboxes need; quick.</summary>
    /// <exception cref="SandboxUnavailableException">Something is missing.</exception>
    public static async Task RequireAsync(SandboxOptions options, CancellationToken cancel)
    {
        await foreach (var check in SandboxDoctor.ExamineProgramsAsync(options, cancel))
        {
            if (!check.Ok)
            {
                throw new SandboxUnavailableException($"{check.Name}: {check.Detail}; {check.Remedy}");
            }
        }
    }

    public async Task<TraceSummary> TraceAsync(TraceRequest request, CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        RunRecord run;
        try
        {
            run = await RunAsync(request, cancel);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            throw new SandboxException($"sandbox failed: {broken.Message}", broken);
        }

        var summary = TraceReader.Summarise(run);
        var events = await blobs.PutAsync(TraceArchive.Write(run), cancel);
        Instruments.SandboxRuns.Add(1, new KeyValuePair<string, object?>(Instruments.OutcomeTag, summary.Outcome.Name()));
        Instruments.SandboxSeconds.Record(clock.GetElapsedTime(started).TotalSeconds);
        return summary with { Events = events };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<RunRecord> RunAsync(TraceRequest request, CancellationToken cancel)
    {
        using var folder = new RunFolder(Runs);
        var slotName = $"file{SafeExtension(request.FileName)}";
        folder.Place(request.Path, slotName);
        folder.WriteBundle(Bundle.Config(options, image.Root, image.App, folder.Slot, controlGroups ? $"/dynahug/{folder.Id}" : null));
        await File.WriteAllTextAsync(folder.TraceConfig, TraceSession.Config(folder.Endpoint), cancel);
        using var sink = new TraceSink(folder.Endpoint, options.Events);
        using var process = await runsc.RestoreAsync(folder.State, folder.Root, folder.Id, image.Checkpoint, folder.TraceConfig);
        try
        {
            var nonce = RandomNumberGenerator.GetHexString(16, lowercase: true);
            var line = JsonSerializer.Serialize(new
            {
                path = $"{Bundle.ModelFolder}/{slotName}",
                name = request.FileName,
                format = request.Format,
                nonce,
                linger = options.LingerSeconds,
            });
            return await new SandboxRun(options, process, sink, clock).WatchAsync(Environment, line, nonce, cancel);
        }
        finally
        {
            await EndAsync(process, folder);
        }
    }

    /// <summary>Ends whatever still runs: killing runsc ends sandbox and gofer with it.</summary>
    private async Task EndAsync(Process process, RunFolder folder)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        await runsc.DeleteAsync(folder.State, folder.Id);
    }

    /// <summary>Some loaders look at the extension; nothing else of a foreign name reaches the sandbox's file system.</summary>
    private static string SafeExtension(string fileName)
    {
        var extension = Path.GetExtension(fileName);
        return extension.Length is > 1 and <= 12 && extension[1..].All(char.IsAsciiLetterOrDigit) ? extension.ToLowerInvariant() : "";
    }
}
