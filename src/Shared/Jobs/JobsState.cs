using System.Collections.Immutable;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Shared.Jobs;

/// <summary>What a look at the read model has shown of a job.</summary>
/// <param name="Judged">Repos under way that have a verdict of after they were sent.</param>
/// <param name="Next">Repos to send next; none where there is no room.</param>
/// <param name="Exhausted">No repo of the scope is left to send.</param>
public sealed record JobStep(IReadOnlyList<JudgedRepo> Judged, IReadOnlyList<SentRepo> Next, bool Exhausted);

/// <summary>All bulk rescans, one running at a time: the oldest that is not paused.</summary>
public sealed record JobsState
{
    /// <summary>Ended jobs that are remembered.</summary>
    public const int MostEnded = 100;

    private const int MostOpen = 20;

    /// <summary>How long a job waits for a repo: a hub that does not answer must not hold it up for ever.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    public ImmutableSortedDictionary<int, RescanJob> Jobs { get; init; } = ImmutableSortedDictionary<int, RescanJob>.Empty;

    public int LastId { get; init; }

    /// <summary>The job whose turn it is; null where none runs.</summary>
    public RescanJob? Current => Jobs.Values.FirstOrDefault(job => job.Status == JobStatus.Running);

    /// <summary>Why a command cannot be done; null where it can.</summary>
    public string? WhyNot(JobCommands.Start command) =>
        command.Total == 0 ? "no repo fits this scope; nothing is to be analysed anew"
        : Jobs.Values.Count(job => !job.HasEnded) >= MostOpen ? $"{MostOpen} jobs have not ended yet; cancel one first"
        : null;

    public string? WhyNot(JobCommands.SetStatus command) => Jobs.GetValueOrDefault(command.Id) switch
    {
        null => $"there is no job {command.Id}",
        { HasEnded: true } => $"job {command.Id} has ended",
        _ => command.Status == JobStatus.Done ? "a job is done when its repos are" : null,
    };

    public IReadOnlyList<IJobEvent> Handle(JobCommands.Start command, DateTimeOffset now) =>
        [new JobEvents.Started(LastId + 1, command.Scope, command.Environment, command.Total, command.By, now)];

    public IReadOnlyList<IJobEvent> Handle(JobCommands.SetStatus command, DateTimeOffset now) =>
        Jobs[command.Id].Status == command.Status ? [] : [new JobEvents.StatusChanged(command.Id, command.Status, command.By, now)];

    /// <summary>What a look has shown becomes events; a job that was paused or cancelled meanwhile sends nothing more.</summary>
    public IReadOnlyList<IJobEvent> Handle(int id, JobStep step, DateTimeOffset now)
    {
        var job = Jobs[id];
        var events = new List<IJobEvent>();
        var judged = step.Judged.Where(repo => job.Underway.ContainsKey(repo.Repo)).ToList();
        var givenUp = job.Underway.Where(entry => now - entry.Value.At > Patience).Select(entry => entry.Key).Except(judged.Select(repo => repo.Repo)).ToList();
        if (judged.Count + givenUp.Count > 0)
        {
            events.Add(new JobEvents.CameBack(id, judged, givenUp, now));
        }

        if (job.Status == JobStatus.Running && step.Next.Count > 0)
        {
            events.Add(new JobEvents.Sent(id, step.Next, now));
        }
        else if (job.Status == JobStatus.Running && step.Exhausted && job.Underway.Count == judged.Count + givenUp.Count)
        {
            events.Add(new JobEvents.StatusChanged(id, JobStatus.Done, "", now));
        }

        return events;
    }

    public JobsState Apply(IJobEvent e) => e switch
    {
        JobEvents.Started started => this with
        {
            LastId = started.Id,
            Jobs = WithoutTheOldest(Jobs).SetItem(started.Id, new RescanJob(started.Id, started.Scope, started.Environment, started.Total, started.By, started.At)),
        },
        JobEvents.Sent sent => With(sent.Id, job => job with
        {
            Cursor = sent.Repos[^1].Repo.Value,
            Underway = job.Underway.SetItems(sent.Repos.Select(repo => KeyValuePair.Create(repo.Repo, (repo, sent.At)))),
        }),
        JobEvents.CameBack back => With(back.Id, job => CameBack(job, back)),
        JobEvents.StatusChanged changed => With(changed.Id, job => job with
        {
            Status = changed.Status,
            Ran = job.Status == JobStatus.Running ? job.Ran + (changed.At - job.StatusSince) : job.Ran,
            StatusSince = changed.At,
        }),
        _ => this,
    };

    private static RescanJob CameBack(RescanJob job, JobEvents.CameBack back)
    {
        var changes = back.Judged
            .Where(repo => job.Underway.ContainsKey(repo.Repo))
            .Select(repo => new LabelChange(repo.Repo, job.Underway[repo.Repo].Repo.Before, repo.After))
            .Where(change => IsFlagged(change.Before) != IsFlagged(change.After))
            .ToList();
        var flagged = changes.Count(change => IsFlagged(change.After));
        return job with
        {
            Underway = job.Underway.RemoveRange(back.Judged.Select(repo => repo.Repo).Concat(back.GivenUp)),
            Judged = job.Judged + back.Judged.Count,
            GivenUp = job.GivenUp + back.GivenUp.Count,
            NewlyFlagged = job.NewlyFlagged + flagged,
            Cleared = job.Cleared + changes.Count - flagged,
            Changes = job.Changes.AddRange(changes.Take(RescanJob.MostChanges - job.Changes.Count)),
        };
    }

    private static bool IsFlagged(Label? label) => label is { } known && known.IsFlagged();

    private static ImmutableSortedDictionary<int, RescanJob> WithoutTheOldest(ImmutableSortedDictionary<int, RescanJob> jobs) =>
        jobs.RemoveRange(jobs.Values.Where(job => job.HasEnded).Select(job => job.Id).SkipLast(MostEnded - 1));

    private JobsState With(int id, Func<RescanJob, RescanJob> change) => Jobs.TryGetValue(id, out var job) ? this with { Jobs = Jobs.SetItem(id, change(job)) } : this;
}
