using System.Diagnostics;
using DynaHug.Crawler.Fetching;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Static;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging;

namespace DynaHug.Crawler;

/// <summary>One place on a crawler node: reads the file lists of revisions, fetches contents into the blob store, and reads them statically.</summary>
public sealed class CrawlerActor(WorkLinks links, HubClient hub, Fetcher fetcher, BlobStore blobs, HubOptions options, StaticOptions reading, ILogger<CrawlerActor> logger)
    : JobSlot(links, blobs, logger)
{
    protected override async Task<IReadOnlyList<object>> RunAsync(Job job, CancellationToken cancel) => job switch
    {
        PlanJob plan => await PlanAsync(plan, cancel),
        FetchJob fetch => [await FetchAsync(fetch, cancel)],
        _ => throw new ArgumentException($"a crawler cannot do a {job.GetType().Name}", nameof(job)),
    };

    protected override object FailureOf(Job job, string reason) => job switch
    {
        PlanJob plan => new RepoCommands.RecordUnreadable(plan.Repo, plan.Commit, Outcome.Error, $"file list could not be read: {reason}"),
        FetchJob fetch => new ArtifactCommands.RecordFailure(fetch.File.Content, reason),
        _ => throw new ArgumentException($"a crawler cannot do a {job.GetType().Name}", nameof(job)),
    };

    /// <summary>While the hub cannot be used no repo is to blame either.</summary>
    protected override Task RequireAsync(Exception problem, CancellationToken cancel) => problem is HubException ? hub.CheckAsync(cancel) : base.RequireAsync(problem, cancel);

    private async Task<IReadOnlyList<object>> PlanAsync(PlanJob plan, CancellationToken cancel)
    {
        Activity.Current?.SetTag("repo", plan.Repo.Value);
        switch (await hub.ReadRevisionAsync(plan.Repo, plan.Commit, cancel))
        {
            case RevisionAnswer.Found found:
                var files = found.Revision.Files.Where(file => ModelFiles.IsCandidate(file.Path)).ToList();
                var refused = found.Revision.Refused is { Count: > 0 } unusable ? unusable : null;
                return [new RepoCommands.RecordPlan(plan.Repo, plan.Commit, files, found.Revision.Files.Count - files.Count, refused, found.Revision.Facts.HubScan)];
            case RevisionAnswer.Gated gated:
                return [new RepoCommands.RecordUnreadable(plan.Repo, plan.Commit, Outcome.Gated, gated.Reason), new RepoCommands.RecordAvailability(plan.Repo, Availability.Gated, gated.Reason)];
            case RevisionAnswer.NoRevision missing:
                return [new RepoCommands.RecordUnreadable(plan.Repo, plan.Commit, Outcome.Error, missing.Reason)];
            case RevisionAnswer.Gone gone:
                return
                [
                    new RepoCommands.RecordUnreadable(plan.Repo, plan.Commit, Outcome.Error, gone.Reason),
                    new RepoCommands.RecordAvailability(plan.Repo, gone.Disabled ? Availability.Disabled : Availability.Gone, gone.Reason),
                ];
            case RevisionAnswer.Renamed renamed:
                return
                [
                    new RepoCommands.RecordUnreadable(plan.Repo, plan.Commit, Outcome.Error, $"renamed to {renamed.To}"),
                    new RepoCommands.RecordAvailability(plan.Repo, Availability.Renamed, renamed.To.Value),
                ];
            case var other:
                throw new InvalidOperationException($"unknown answer {other.GetType().Name}");
        }
    }

    private async Task<object> FetchAsync(FetchJob fetch, CancellationToken cancel)
    {
        Activity.Current?.SetTag("repo", fetch.Repo.Value).SetTag("content", fetch.File.Content.Value);
        var result = fetch.Whole
            ? await fetcher.FetchAsync(fetch.Repo, fetch.Commit, fetch.File, cancel)
            : await fetcher.FetchPartsAsync(fetch.Repo, fetch.Commit, fetch.File, cancel);
        switch (result)
        {
            case FetchResult.Stored stored:
                var report = await ReadAsync(BlobKey.Of(stored.Artifact), fetch.File, cancel);
                var program = report.Outcome is null && !fetch.Whole ? await fetcher.ProgramOfAsync(stored.Artifact, cancel) : null;
                return new ArtifactCommands.RecordFetched(fetch.File.Content, stored.Artifact, report, Program: program);
            case FetchResult.StoredSparse parts:
                var read = await ReadAsync(BlobKey.OfProgram(parts.Program), fetch.File, cancel);
                var recheck = Random.Shared.NextDouble() < options.RecheckShare;
                return new ArtifactCommands.RecordFetched(fetch.File.Content, parts.Declared, read, parts.Reading, parts.Program, recheck);
            case FetchResult.NotFetched refused:
                return new ArtifactCommands.RecordNotFetched(fetch.File.Content, fetch.Repo, refused.Outcome, refused.Reason);
            case var other:
                throw new InvalidOperationException($"unknown result {other.GetType().Name}");
        }
    }

    private async Task<StaticReport> ReadAsync(BlobKey key, RepoFile file, CancellationToken cancel)
    {
        using var local = await Blobs.OpenAsync(key, cancel);
        var report = await Task.Run(() => StaticReader.Read(local.Path, file.Path.Split('/')[^1], reading, cancel), cancel);
        Instruments.Stages.Add(1, new KeyValuePair<string, object?>(Instruments.StageTag, "fetched"));
        return report;
    }
}
