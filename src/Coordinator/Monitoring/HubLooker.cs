using Akka.Actor;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Crawler.Hub;
using DynaHug.Shared;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Monitoring;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Static;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Monitoring;

/// <summary>Reads listings and tells entities what is new in them. Entities ignore what they know, so the same page twice does no harm.</summary>
/// <param name="readModel">Tells what is known of a page's repos by one query, so that no entity is woken for what it knows.</param>
/// <param name="query">What is walked over and watched.</param>
/// <param name="preferredTags">Pipeline tags whose most-liked repos come first, since profiles are fitted on them.</param>
/// <param name="preferredRepos">How many repos of each such tag.</param>
internal sealed class HubLooker(HubClient hub, IActorRef repos, ReadModelQueries readModel, HubQuery query, IReadOnlyList<string> preferredTags, int preferredRepos, ILogger logger)
{
    /// <summary>Entities told at a time; bounds what a listing page can pour into the cluster, and lets the journal write many events at once.</summary>
    private const int Parallelism = 128;

    /// <summary>Pages of one look at changes or favourites; a hub that has more is asked again later.</summary>
    private const int MaxPages = 10_000;

    /// <summary>Repos looked at by themselves for one page of a walk, at most; a hub that shows nothing at all is not asked for each that it does not show.</summary>
    private const int MaxMissing = 200;

    /// <summary>How far behind the newest change a look goes: clocks of a hub's servers differ, and pages move while they are read.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// One page of the walk over everything. Pages go from the youngest repo to the oldest, so that known repos whose place the walk has passed, and
    /// which it has not shown, are renamed, private or gone: each of them is looked at by itself, since only the hub's own answer says which.
    /// </summary>
    /// <param name="state">Where the walk is.</param>
    public async Task<IReadOnlyList<IMonitorEvent>> PageAsync(MonitorState state, TimeProvider clock, CancellationToken cancel)
    {
        CurrentLane.Value = Lane.Bulk;
        if (await hub.ReadPageAsync(query, state.NextPage is null ? null : new Uri(state.NextPage), cancel) is not { } listed)
        {
            return [new MonitorEvents.WalkStarted(state.Query, clock.GetUtcNow())];
        }

        await TellAllAsync(listed.Repos, Lane.Bulk, cancel);
        var placesAreKnown = (state.NextPage is null || state.Reached is not null) && (listed.Next is null || listed.Last is not null);
        if (placesAreKnown)
        {
            foreach (var missing in await readModel.NotShownAsync(state.Reached, listed.Next is null ? null : listed.Last, listed.Shown, MaxMissing, cancel))
            {
                await LookAtMissingAsync(missing, cancel);
            }
        }

        var read = new MonitorEvents.PageListed(listed.Next?.AbsoluteUri, listed.Repos.Count, clock.GetUtcNow(), listed.Last);
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

    /// <summary>One repo, now, and the revision of it that somebody asks for, unless that turns out to be the current one or there is no such repo.</summary>
    public async Task RefreshAsync(MonitorCommands.Refresh refresh, CancellationToken cancel)
    {
        var answer = await LookAtAsync(refresh.Repo, refresh.Hint, Lane.Upload, cancel);
        if (refresh.Revision is { } commit && answer is not RevisionAnswer.Gone)
        {
            await RecordAsync(new RepoCommands.Pin(refresh.Repo, commit, Lane.Request), cancel);
        }
    }

    /// <summary>A repo that cannot be looked at holds up no walk; the next one comes to it again.</summary>
    private async Task LookAtMissingAsync(RepoId repo, CancellationToken cancel)
    {
        try
        {
            await LookAtAsync(repo, hint: null, Lane.Bulk, cancel);
        }
        catch (HubException failure)
        {
            logger.LogWarning("{Repo} is not listed any more and could not be looked at ({Problem}); the next walk will", repo, Printable.Of(failure.Message));
        }
    }

    private async Task<RevisionAnswer> LookAtAsync(RepoId repo, Availability? hint, Lane lane, CancellationToken cancel)
    {
        CurrentLane.Value = lane;
        var answer = await hub.ReadHeadAsync(repo, cancel);
        switch (answer)
        {
            case RevisionAnswer.Found found:
                await RecordAsync(new RepoCommands.Observe(repo, found.Revision.Commit, found.Revision.Facts, lane), cancel);
                break;
            case RevisionAnswer.Renamed renamed:
                await RecordAsync(new RepoCommands.RecordAvailability(repo, Availability.Renamed, renamed.To.Value), cancel);
                if (await hub.ReadHeadAsync(renamed.To, cancel) is RevisionAnswer.Found there)
                {
                    await RecordAsync(new RepoCommands.Observe(renamed.To, there.Revision.Commit, there.Revision.Facts, lane), cancel);
                }

                break;
            case RevisionAnswer.Gated gated:
                await RecordAsync(new RepoCommands.RecordAvailability(repo, Availability.Gated, gated.Reason), cancel);
                break;
            case RevisionAnswer.Gone gone:
                var how = gone.Disabled ? Availability.Disabled : hint is Availability.Deleted or Availability.Private ? hint.Value : Availability.Gone;
                await RecordAsync(new RepoCommands.RecordAvailability(repo, how, gone.Reason), cancel);
                break;
        }

        return answer;
    }

    private async Task TellAllAsync(IReadOnlyList<ListedRepo> listed, Lane lane, CancellationToken cancel)
    {
        var limits = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancel };
        await Parallel.ForEachAsync(await readModel.NewsAsync(listed, cancel), limits, async (repo, token) =>
        {
            int? leftOut = repo.FileNames is { } names && !names.Any(ModelFiles.IsCandidate) ? names.Count : null;
            await RecordAsync(new RepoCommands.Observe(repo.Repo, repo.Commit, repo.Facts, lane, leftOut), token);
        });
        Instruments.Stages.Add(listed.Count, new KeyValuePair<string, object?>(Instruments.StageTag, "listed"));
    }

    private Task RecordAsync(IForRepo command, CancellationToken cancel) => repos.Ask<RepoReplies.Recorded>(command, StoreTimeout, cancel);
}
