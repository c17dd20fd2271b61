using System.ComponentModel.DataAnnotations;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Wire;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tracing;
using Microsoft.Extensions.Logging;

namespace DynaHug.Worker.Sandbox;

/// <summary>Loads files in gVisor: one sandbox a file, restored from a checkpoint, traced from outside, gone afterwards.</summary>
public sealed class GvisorSandbox : ISandbox
{
    private readonly SandboxSession session;
    private readonly ChildProcesses children;
    private readonly IReadOnlyDictionary<LibrarySet, WarmPool> pools;
    private readonly BlobStore blobs;

    private GvisorSandbox(string environment, SandboxMode mode, SandboxSession session, ChildProcesses children, IReadOnlyDictionary<LibrarySet, WarmPool> pools, BlobStore blobs)
    {
        Environment = environment;
        Mode = mode;
        this.session = session;
        this.children = children;
        this.pools = pools;
        this.blobs = blobs;
    }

    public string Environment { get; }

    /// <summary>How sandboxes start here; part of <see cref="Environment"/>.</summary>
    public SandboxMode Mode { get; }

    /// <summary>Where this process's running sandboxes keep their files.</summary>
    internal string Folder => session.Folder;

    /// <summary>The home planted where all libraries are.</summary>
    internal HoneyHome Honey => pools[LibrarySet.All].Honey;

    /// <summary>Makes the image if there is none, and proves with a harmless file that a complete trace comes out.</summary>
    /// <exception cref="SandboxUnavailableException">Something is not installed; the message says what.</exception>
    /// <exception cref="SandboxException">Everything is installed, and still no sandbox gets through its trial.</exception>
    public static async Task<GvisorSandbox> StartAsync(SandboxOptions options, BlobStore blobs, ILogger logger, TimeProvider clock, CancellationToken cancel)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        var runsc = await SandboxRequirements.CheckAsync(options, cancel);
        var session = await OpenSessionAsync(options, clock, cancel);
        var children = new ChildProcesses();
        try
        {
            return await new SandboxStarter(options, session, children, blobs, logger, clock).StartAsync(runsc, cancel);
        }
        catch
        {
            children.Dispose();
            session.Dispose();
            throw;
        }
    }

    /// <summary>A quick look whether everything is installed; starts no sandbox.</summary>
    /// <exception cref="SandboxUnavailableException">Something is missing; the message says what to install.</exception>
    public static async Task RequireAsync(SandboxOptions options, CancellationToken cancel) => await SandboxRequirements.CheckAsync(options, cancel);

    public async Task<TraceSummary> TraceAsync(TraceRequest request, CancellationToken cancel)
    {
        var run = await RunAsync(request, cancel);
        if (request.IsTrial)
        {
            return TraceReader.Summarise(run);
        }

        var archive = await Task.Run(() => TraceArchive.Write(run), cancel);
        var summary = TraceReader.Summarise(run) with { Events = await blobs.PutAsync(archive, cancel) };
        Instruments.SandboxRuns.Add(1, new KeyValuePair<string, object?>(Instruments.OutcomeTag, summary.Outcome.Name()));
        Instruments.SandboxSeconds.Record(run.Seconds);
        return summary;
    }

    /// <summary>The load as it was seen, uninterpreted.</summary>
    internal async Task<RunRecord> RunAsync(TraceRequest request, CancellationToken cancel) =>
        await pools[request.Libraries].RunAsync(SizeOf(request), request, Environment, cancel);

    public async ValueTask DisposeAsync()
    {
        await EndPoolsAsync();
        children.Dispose();
        session.Dispose();
    }

    internal static GvisorSandbox Of(
        string environment, SandboxMode mode, SandboxSession session, ChildProcesses children, IReadOnlyDictionary<LibrarySet, WarmPool> pools, BlobStore blobs) =>
        new(environment, mode, session, children, pools, blobs);

    /// <summary>Ends the sandboxes that wait.</summary>
    internal async Task EndPoolsAsync()
    {
        foreach (var pool in pools.Values)
        {
            await pool.DisposeAsync();
        }
    }

    private static async Task<SandboxSession> OpenSessionAsync(SandboxOptions options, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            return await SandboxSession.OpenAsync(options.Folder, clock, cancel);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException($"the sandbox folder '{options.Folder}' cannot be used: {refused.Message}", refused);
        }
    }

    private static long SizeOf(TraceRequest request)
    {
        var file = new FileInfo(request.Path);
        return file.Exists ? file.Length : throw new SandboxException($"the file cannot be brought into a sandbox: '{request.Path}' is not there");
    }
}
