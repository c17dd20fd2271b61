using Akka.Actor;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Monitoring;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Static;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Work;

namespace DynaHug.Coordinator.Monitoring;

/// <summary>Reads listings and tells each repo's entity what they show. Entities ignore what they know, so the same page twice does no harm.</summary>
/// <param name="query">What is walked over and watched.</param>
/// <param name="preferredTags">Pipeline tags whose most-liked repos come first, since profiles are fitted on them.</param>
/// <param name="preferredRepos">How many repos of each such tag.</param>
internal sealed class HubLooker(HubClient hub, IActorRef repos, HubQuery query, IReadOnlyList<string> preferredTags, int preferredRepos)
{
    /// <summary>Entities told at a time; bounds what a listing page can pour into the cluster, and lets the journal write many events at once.</summary>
    private const int Parallelism = 128;

    /// <summary>Pages of one look at changes or favourites; a hub that has more is asked again later.</summary>
    private const int MaxPages = 10_000;

    /// <summary>How far behind the newest change a look goes: clocks of a hub's servers differ, and pages move while they are read.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(30);

    /// <summary>One page of the walk over everything.</summary>
    /// <param name="page">Where it is; null for the first.</param>
    /// <param name="walk">The walk in words, for the case that it has to begin anew.</param>
    public async Task<IReadOnlyList<IMonitorEvent>> PageAsync(string? page, string walk, TimeProvider clock, CancellationToken cancel)
    {
        CurrentLane.Value = Lane.Bulk;
        if (await hub.ReadPageAsync(query, page is null ? null : new Uri(page), cancel) is not { } listed)
        {
            return [new MonitorEvents.WalkStarted(walk, clock.GetUtcNow())];
        }

        await TellAllAsync(listed.Repos, Lane.Bulk, cancel);
        var read = new MonitorEvents.PageListed(listed.Next?.AbsoluteUri, listed.Repos.Count, clock.GetUtcNow());
        return listed.Next is null ? [read, new MonitorEvents.WalkFinished(clock.GetUtcNow())] : [read];
    }

    /// <summary>Everything that changed since a moment, newest first.</summary>
    public async Task<IReadOnlyList<IMonitorEvent>> ChangesAsync(DateTimeOffset knownUntil, TimeProvider clock, CancellationToken cancel)
    {
        CurrentLane.Value = Lane.Upload;
        var since = query with { Since = knownUntil - Overlap };
        var newest = knownUntil;
        var next = default(Uri);
        var pages = 0;
        do
        {
            // A hub that forgets the address of a next page while it is read has the rest read by the next look.
            if (await hub.ReadPageAsync(since, next, cancel) is not { } page)
            {
                return [];
            }

            await TellAllAsync(page.Repos, Lane.Upload, cancel);
            newest = page.Repos.Select(repo => repo.Facts.LastModified).Append(newest).Max();
            next = page.Next;
        }
        while (next is not null && ++pages < MaxPages);

        // A date in the future would hide what comes before it.
        var until = newest < clock.GetUtcNow() + Overlap ? newest : knownUntil;
        return until > knownUntil ? [new MonitorEvents.CaughtUp(until, clock.GetUtcNow())] : [];
    }

    /// <summary>The most-liked repos of the tags that profiles are wanted for, before the walk comes to them.</summary>
    public async Task PreferredAsync(CancellationToken cancel)
    {
        CurrentLane.Value = Lane.Upload;
        foreach (var tag in preferredTags)
        {
            var left = preferredRepos;
            var next = default(Uri);
            var pages = 0;
            do
            {
                if (await hub.ReadPageAsync(query with { ByLikes = true, Task = tag }, next, cancel) is not { } page)
                {
                    break;
                }

                await TellAllAsync([.. page.Repos.Take(left)], Lane.Upload, cancel);
                left -= page.Repos.Count;
                next = page.Next;
            }
            while (next is not null && left > 0 && ++pages < MaxPages);
        }
    }

    /// <summary>One repo, now.</summary>
    public async Task RefreshAsync(MonitorCommands.Refresh refresh, CancellationToken cancel)
    {
        CurrentLane.Value = Lane.Upload;
        switch (await hub.ReadHeadAsync(refresh.Repo, cancel))
        {
            case RevisionAnswer.Found found:
                await RecordAsync(new RepoCommands.Observe(refresh.Repo, found.Revision.Commit, found.Revision.Facts, Lane.Upload), cancel);
                break;
            case RevisionAnswer.Renamed renamed:
                await RecordAsync(new RepoCommands.RecordAvailability(refresh.Repo, Availability.Renamed, renamed.To.Value), cancel);
                if (await hub.ReadHeadAsync(renamed.To, cancel) is RevisionAnswer.Found there)
                {
                    await RecordAsync(new RepoCommands.Observe(renamed.To, there.Revision.Commit, there.Revision.Facts, Lane.Upload), cancel);
                }

                break;
            case RevisionAnswer.Gated gated:
                await RecordAsync(new RepoCommands.RecordAvailability(refresh.Repo, Availability.Gated, gated.Reason), cancel);
                break;
            case RevisionAnswer.Gone gone:
                var how = gone.Disabled ? Availability.Disabled : refresh.Hint is Availability.Deleted or Availability.Private ? refresh.Hint.Value : Availability.Gone;
                await RecordAsync(new RepoCommands.RecordAvailability(refresh.Repo, how, gone.Reason), cancel);
                break;
        }
    }

    private async Task TellAllAsync(IReadOnlyList<ListedRepo> listed, Lane lane, CancellationToken cancel)
    {
        var limits = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancel };
        await Parallel.ForEachAsync(listed, limits, async (repo, token) =>
        {
            await RecordAsync(new RepoCommands.Observe(repo.Repo, repo.Commit, repo.Facts, lane), token);
            if (repo.FileNames is { } names && !names.Any(ModelFiles.IsCandidate))
            {
                await RecordAsync(new RepoCommands.RecordPlan(repo.Repo, repo.Commit, [], names.Count), token);
            }

            Instruments.Stages.Add(1, new KeyValuePair<string, object?>(Instruments.StageTag, "listed"));
        });
    }

    private Task RecordAsync(IForRepo command, CancellationToken cancel) => repos.Ask<RepoReplies.Recorded>(command, StoreTimeout, cancel);
}
