using System.Diagnostics;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Work;
using DynaHug.Worker.Canaries;
using DynaHug.Worker.Sandbox;
using Microsoft.Extensions.Logging;

namespace DynaHug.Worker;

/// <summary>One place on a worker node: loads one file at a time in a sandbox of its own and brings the trace back. It takes no work while the node's canaries fail.</summary>
public sealed class WorkerActor(WorkLinks links, SandboxHost sandboxes, BlobStore blobs, CanaryHealth health, ILogger<WorkerActor> logger)
    : JobSlot(links, blobs, logger)
{
    protected override bool IsReady => health.IsReady;

    protected override async Task<IReadOnlyList<object>> RunAsync(Job job, CancellationToken cancel)
    {
        if (job is not TraceJob trace)
        {
            throw new ArgumentException($"a worker cannot do a {job.GetType().Name}", nameof(job));
        }

        Activity.Current?.SetTag("artifact", trace.Artifact.Hex);
        var sandbox = await sandboxes.GetAsync(cancel);
        using var file = await Blobs.OpenAsync(BlobKey.Of(trace.Content, trace.Artifact), cancel);
        var request = new TraceRequest(trace.Artifact, file.Path, trace.FileName, trace.Format, trace.Libraries);
        var summary = await sandbox.TraceAsync(request, cancel);
        Instruments.Stages.Add(1, new KeyValuePair<string, object?>(Instruments.StageTag, "traced"));
        return [new ArtifactCommands.RecordTraced(trace.Content, summary)];
    }

    protected override object FailureOf(Job job, string reason) => job is TraceJob trace
        ? new ArtifactCommands.RecordFailure(trace.Content, reason)
        : throw new ArgumentException($"a worker cannot do a {job.GetType().Name}", nameof(job));
}
