using DynaHug.Shared.Hub;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Rows of repos, their files and verdicts from the events of repo entities. What belongs to a pinned or a former revision changes no row of the repo.</summary>
/// <param name="rows">Those of all repos that events of the batch are about.</param>
/// <param name="files">Theirs.</param>
/// <param name="contents">What the files of these repos, or the events, name.</param>
internal sealed class RepoProjection(ReadModelConnection db, Tallies tallies, RepoRows rows, FileRows files, ContentRows contents)
{
    private readonly PinProjection pins = new(db, contents);
    private readonly List<VerdictRow> history = [];
    private long? lastMoment;

    public async Task ApplyAsync(long offset, IRepoEvent stored, CancellationToken cancel)
    {
        var id = stored.Repo.Value;
        var row = rows.Find(id)
            ?? new RepoRow { Id = id, Author = stored.Repo.Author, TaskCluster = TaskCluster.NotClustered, ObservedAt = stored.At.UtcTicks };
        if (stored is IRevisionEvent ofRevision && await IsOfPinAsync(row, ofRevision, cancel))
        {
            await PinnedAsync(row, offset, ofRevision, cancel);
            return;
        }

        row = row with { TouchedAt = stored.At.UtcTicks };
        switch (stored)
        {
            case RepoEvents.RevisionObserved observed:
                row = await ObservedAsync(row, observed, cancel);
                break;
            case RepoEvents.FactsChanged changed:
                row = await WithFactsAsync(row, changed.Facts, cancel);
                break;
            case RepoEvents.AvailabilityChanged changed:
                row = row with { Availability = changed.Availability.Name() };
                break;
            case RepoEvents.FilesPlanned planned when IsCurrent(ref row, planned.Commit):
                Planned(row, planned);
                row = row with { LeftOut = planned.LeftOut };
                break;
            case RepoEvents.FileAnalysed analysed when IsCurrent(ref row, analysed.Commit):
                Analysed(row, analysed);
                break;
            case RepoEvents.VerdictReached reached:
                row = await JudgedAsync(row, offset, reached, cancel);
                break;
        }

        rows.Put(row);
    }

    /// <summary>Writes what is kept in memory until the end of a batch.</summary>
    public async Task StoreAsync(CancellationToken cancel)
    {
        await rows.StoreAsync(cancel);
        await files.StoreAsync(cancel);
        await db.Verdicts.ReplaceAsync(history, some =>
        {
            var offsets = some.Select(row => row.JournalOffset).ToList();
            return row => offsets.Contains(row.JournalOffset);
        }, cancel);
        history.Clear();
    }

    /// <summary>A repo that is new, and most of what happens to others, costs no query.</summary>
    private async Task<bool> IsOfPinAsync(RepoRow row, IRevisionEvent stored, CancellationToken cancel) => stored switch
    {
        RepoEvents.RevisionPinned or RepoEvents.PinForgotten => true,
        RepoEvents.RevisionObserved => false,
        _ => row.Revision != stored.Commit && !rows.IsBare(stored.Repo.Value) && await pins.IsPinnedAsync(stored, cancel),
    };

    private async Task PinnedAsync(RepoRow row, long offset, IRevisionEvent stored, CancellationToken cancel)
    {
        if (stored is RepoEvents.PinForgotten)
        {
            await pins.ForgetAsync(stored, cancel);
            return;
        }

        rows.IsBareNoLonger(stored.Repo.Value);
        await pins.ApplyAsync(stored, row.TaskCluster, cancel);
        if (stored is RepoEvents.VerdictReached reached)
        {
            history.Add(HistoryOf(offset, await NextMomentAsync(reached.At, cancel), reached) with { Pinned = true });
            PutDecisions(reached.Verdict);
        }
    }

    /// <summary>Events that came before the first one we have seen may have named the revision; then this one does.</summary>
    private static bool IsCurrent(ref RepoRow row, string commit)
    {
        row = row.Revision.Length == 0 ? row with { Revision = commit } : row;
        return row.Revision == commit;
    }

    private async Task<RepoRow> ObservedAsync(RepoRow row, RepoEvents.RevisionObserved observed, CancellationToken cancel)
    {
        if (!rows.IsBare(row.Id))
        {
            files.Clear(row.Id);
            await pins.ForgetAsync(observed, cancel);
        }

        var fresh = new RepoRow { Id = row.Id, Author = row.Author, Revision = observed.Commit, ObservedAt = observed.At.UtcTicks, TouchedAt = row.TouchedAt, Availability = row.Availability };
        return await WithFactsAsync(fresh, observed.Facts, cancel);
    }

    private async Task<RepoRow> WithFactsAsync(RepoRow row, RepoFacts facts, CancellationToken cancel)
    {
        var taskCluster = TaskCluster.Of(facts.PipelineTag);
        if (row.TaskCluster != taskCluster && !rows.IsBare(row.Id))
        {
            foreach (var file in files.Of(row.Id).ToList())
            {
                files.Put(file with { TaskCluster = taskCluster });
            }

            await pins.MoveAsync(row.Id, taskCluster, cancel);
        }

        return row with
        {
            TaskCluster = taskCluster,
            PipelineTag = facts.PipelineTag,
            Library = facts.Library,
            Likes = facts.Likes,
            Downloads = facts.Downloads,
            LastModified = facts.LastModified.UtcTicks,
            CreatedAt = facts.Place?.CreatedAt.UtcTicks,
            HubKey = facts.Place?.Key,
            Gated = facts.Gated,
            HubScan = facts.HubScan,
        };
    }

    private void Planned(RepoRow row, RepoEvents.FilesPlanned planned)
    {
        if (!rows.IsBare(row.Id))
        {
            files.Clear(row.Id);
        }

        foreach (var file in planned.Files.DistinctBy(file => file.Path))
        {
            rows.IsBareNoLonger(row.Id);
            files.Put(new FileRow { Repo = row.Id, Path = file.Path, TaskCluster = row.TaskCluster, Size = file.Size, Content = file.Content.Value });
        }
    }

    private void Analysed(RepoRow row, RepoEvents.FileAnalysed analysed)
    {
        foreach (var file in files.Of(row.Id).Where(known => known.Content == analysed.Content.Value).ToList())
        {
            files.Put(WithVerdict(file, analysed.Artifact?.Hex, analysed.Verdict));
        }
    }

    private FileRow WithVerdict(FileRow file, string? artifact, FileVerdict verdict) => file with
    {
        Artifact = artifact,
        Outcome = verdict.Outcome.Name(),
        Label = (int)verdict.Label,
        Score = verdict.Decision?.Score ?? 0,
        ScorableIn = artifact is null ? "" : contents.FactsOf(file.Content).ScorableIn,
        ScoredBy = verdict.Profile ?? "",
        Verdict = Stored.Json(verdict),
    };

    private async Task<RepoRow> JudgedAsync(RepoRow row, long offset, RepoEvents.VerdictReached reached, CancellationToken cancel)
    {
        var at = await NextMomentAsync(reached.At, cancel);
        var verdict = reached.Verdict;
        history.Add(HistoryOf(offset, at, reached));
        tallies.Add(TallyKind.VerdictHours, "", $"{reached.At.UtcDateTime:yyyy-MM-dd'T'HH}");
        if (!IsCurrent(ref row, reached.Commit))
        {
            return row;
        }

        if (verdict.Files.Count > 0 || !rows.IsBare(row.Id))
        {
            PutFiles(row, verdict);
        }

        var newlyFlagged = verdict.Label.IsFlagged() && !(row.FlaggedAt is not null && row.Label >= (int)verdict.Label);
        if (newlyFlagged)
        {
            tallies.Add(TallyKind.FlagDays, "", $"{reached.At.UtcDateTime:yyyy-MM-dd}");
        }

        return row with
        {
            Label = (int)verdict.Label,
            Score = verdict.Score,
            Provisional = verdict.Provisional,
            Reasons = Stored.Json(verdict.Reasons),
            JudgedAt = at,
            CaseState = newlyFlagged ? await ReviewProjection.FirstStateAsync(db, verdict, cancel) : row.CaseState,
            Payload = FlagSigns.PayloadOf(verdict.Files),
            Indicators = Stored.Joined(verdict.Files.SelectMany(file => file.Verdict.Indicators).Select(indicator => indicator.Id)),
            FlaggedAt = newlyFlagged ? at : verdict.Label.IsFlagged() ? row.FlaggedAt : null,
            Evidence = verdict.Files.Any(file => file.Verdict.Indicators.Count > 0) || files.Of(row.Id).Any(file => contents.FactsOf(file.Content).Evidence),
        };
    }

    /// <summary>What the verdict says of files: their rows, and the decisions on them.</summary>
    private void PutFiles(RepoRow row, RepoVerdict verdict)
    {
        rows.IsBareNoLonger(row.Id);
        foreach (var judged in verdict.Files.DistinctBy(file => file.Path))
        {
            var before = files.Find(row.Id, judged.Path);
            var after = WithVerdict(
                before ?? new FileRow { Repo = row.Id, Path = judged.Path, TaskCluster = row.TaskCluster, Size = judged.Size }, judged.Artifact?.Hex, judged.Verdict);
            if (after != before)
            {
                files.Put(after);
            }
        }

        PutDecisions(verdict);
    }

    /// <summary>Strictly later than every stored verdict: whoever asks for what came since the last one misses nothing, though events of two entities may be stored in another order than they were stamped.</summary>
    private async Task<long> NextMomentAsync(DateTimeOffset stamped, CancellationToken cancel)
    {
        lastMoment ??= await db.Verdicts.MaxAsync(known => (long?)known.ReachedAt, cancel) ?? 0;
        lastMoment = Math.Max(stamped.UtcTicks, lastMoment.Value + 1);
        return lastMoment.Value;
    }

    private void PutDecisions(RepoVerdict verdict)
    {
        foreach (var judged in verdict.Files.DistinctBy(file => (file.Verdict.Profile, file.Artifact)))
        {
            if (judged is { Artifact: { } artifact, Verdict: { Profile: { } profile, Decision: { } decision } })
            {
                contents.Put(new DecisionRow { Profile = profile, Artifact = artifact.Hex, Decision = Stored.Json(decision) });
            }
        }
    }

    private static VerdictRow HistoryOf(long offset, long at, RepoEvents.VerdictReached reached) => new()
    {
        JournalOffset = offset,
        Repo = reached.Repo.Value,
        Revision = reached.Commit,
        ReachedAt = at,
        Label = (int)reached.Verdict.Label,
        Score = reached.Verdict.Score,
        TaskCluster = reached.Verdict.TaskCluster,
        Provisional = reached.Verdict.Provisional,
        Reasons = Stored.Json(reached.Verdict.Reasons),
        Profiles = string.Join(' ', reached.Verdict.Files.Select(file => file.Verdict.Profile).OfType<string>().Distinct()),
        Environments = string.Join(' ', reached.Verdict.Files.Select(file => file.Verdict.Environment).OfType<string>().Distinct()),
    };
}
