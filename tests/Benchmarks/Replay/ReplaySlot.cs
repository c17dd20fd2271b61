using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Benchmarks.Replay;

/// <summary>A slot that pulls, leases and delivers as those of crawlers and workers do, and says at once what was recorded instead of fetching and loading.</summary>
/// <param name="tracing">Called for each trace that is replayed.</param>
internal sealed class ReplaySlot(WorkLinks links, ReplayedLoad load, BlobStore blobs, Action tracing) : JobSlot(links, blobs, NullLogger.Instance)
{
    protected override Task<IReadOnlyList<object>> RunAsync(Job job, CancellationToken cancel)
    {
        switch (job)
        {
            case PlanJob plan:
                return Result(new RepoCommands.RecordPlan(plan.Repo, plan.Commit, [ReplayedLoad.FileOf(plan.Repo)], LeftOut: 3));
            case FetchJob fetch:
                return Result(new ArtifactCommands.RecordFetched(fetch.File.Content, fetch.File.Content.Sha256!, load.Static));
            case TraceJob trace:
                tracing();
                return Result(new ArtifactCommands.RecordTraced(trace.Content, load.Trace));
            default:
                throw new ArgumentException($"nothing was recorded for a {job.GetType().Name}", nameof(job));
        }
    }

    protected override object FailureOf(Job job, string reason) => throw new InvalidOperationException($"{job.Key}: {reason}");

    private static Task<IReadOnlyList<object>> Result(object result) => Task.FromResult<IReadOnlyList<object>>([result]);
}
