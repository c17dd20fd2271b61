using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Jobs;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Jobs;

/// <summary>
/// Runs bulk rescans: sends repos of a job's scope to their entities, a window of them at a time, and sees in the read model when each has its new verdict. Where it stands
/// is stored; after a crash what was under way is sent again, which entities take without harm. A cluster singleton.
/// </summary>
public sealed class RescanJobs : StoredEntity<JobsState, IJobEvent>, IWithTimers
{
    /// <summary>Repos under way at a time: enough for many slots, few enough that a pause soon takes effect.</summary>
    private const int Window = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly IActorRef repos;
    private readonly ReadModelQueries readModel;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource stopping = new();
    private bool sendAgain = true;

    public RescanJobs(IActorRef repos, ReadModelQueries readModel, TimeProvider clock, ILogger<RescanJobs> logger)
        : base("rescan-jobs", new JobsState())
    {
        (this.repos, this.readModel, this.clock) = (repos, readModel, clock);
        Command<JobCommands.Start>(start => Answer(State.WhyNot(start), () => State.Handle(start, clock.GetUtcNow()), () => State.LastId));
        Command<JobCommands.SetStatus>(change => Answer(State.WhyNot(change), () => State.Handle(change, clock.GetUtcNow()), () => change.Id));
        Command<JobCommands.GetAll>(_ => Sender.Tell(new JobReplies.All([.. State.Jobs.Values.Reverse().Select(job => JobFigures.Of(job, clock.GetUtcNow()))])));
        Command<Look>(_ => LookOn());
        Command<Looked>(looked =>
        {
            Timers.StartSingleTimer("look", new Look(), Interval);
            if (looked.Problem is not null)
            {
                logger.LogWarning(looked.Problem, "job {Job} could not be looked at; next try in {Seconds} s", looked.Job, Interval.TotalSeconds);
            }
            else if (looked.Step is { } step)
            {
                Store(State.Handle(looked.Job, step, clock.GetUtcNow()), () => { });
            }
        });
        Command<RepoReplies.Recorded>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override JobsState Apply(JobsState state, IJobEvent stored) => state.Apply(stored);

    protected override void Stored(IJobEvent stored)
    {
        if (stored is JobEvents.Sent sent)
        {
            Send(sent.Repos);
        }
    }

    protected override void PreStart()
    {
        base.PreStart();
        Timers.StartSingleTimer("look", new Look(), Interval);
    }

    protected override void PostStop()
    {
        stopping.Cancel();
        stopping.Dispose();
        base.PostStop();
    }

    private void LookOn()
    {
        if (sendAgain)
        {
            sendAgain = false;
            Send(State.Jobs.Values.SelectMany(job => job.Underway.Values).Select(entry => entry.Repo));
        }

        // A paused or cancelled job still hears of what it had sent.
        if ((State.Current ?? State.Jobs.Values.FirstOrDefault(job => job.Underway.Count > 0)) is { } job)
        {
            StepAsync(job, stopping.Token).PipeTo(Self, success: step => new Looked(job.Id, step, null), failure: problem => new Looked(job.Id, null, problem));
        }
        else
        {
            Timers.StartSingleTimer("look", new Look(), Interval);
        }
    }

    private async Task<JobStep> StepAsync(RescanJob job, CancellationToken cancel)
    {
        var judged = await readModel.JudgedSinceAsync(job.Underway.Values, cancel);
        var room = job.Status == JobStatus.Running ? Window - job.Underway.Count + judged.Count : 0;
        var next = room > 0 ? await readModel.RescanPageAsync(job.Scope, job.Environment, job.Cursor, room, cancel) : [];
        return new JobStep(judged, next, Exhausted: room > 0 && next.Count == 0);
    }

    private void Send(IEnumerable<SentRepo> sent)
    {
        foreach (var repo in sent)
        {
            repos.Tell(new RepoCommands.Rescan(repo.Repo, repo.Commit, Lane.Bulk));
        }
    }

    private void Answer(string? refusal, Func<IReadOnlyList<IJobEvent>> events, Func<int> id)
    {
        if (refusal is not null)
        {
            Sender.Tell(new JobReplies.Refused(refusal));
            return;
        }

        Store(events(), () => Sender.Tell(new JobReplies.Recorded(id())));
    }

    private sealed record Look;

    private sealed record Looked(int Job, JobStep? Step, Exception? Problem);
}
