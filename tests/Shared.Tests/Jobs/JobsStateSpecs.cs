using DynaHug.Shared.Hub;
using DynaHug.Shared.Jobs;
using DynaHug.Shared.Verdicts;
using static DynaHug.Shared.Tests.Samples;

namespace DynaHug.Shared.Tests.Jobs;

public sealed class JobsStateSpecs
{
    private static readonly RepoId Other = RepoId.Parse("acme/other");
    private static readonly JobCommands.Start Two = new(new JobScope(), "env-2", 2, "ann");

    [Fact]
    public void A_job_is_done_when_all_its_repos_came_back_and_says_what_changed()
    {
        var state = Begin();
        state = Step(state, new JobStep([], [new SentRepo(Repo, Commit, Label.Benign), new SentRepo(Other, Commit, Label.Suspicious)], false));
        (state.Jobs[1].Underway.Count, state.Jobs[1].Cursor).ShouldBe((2, Other.Value));
        state = Step(state, new JobStep([new JudgedRepo(Repo, Label.Malicious)], [], true), minutes: 2);
        state.Jobs[1].Status.ShouldBe(JobStatus.Running);
        state.Jobs[1].Left(Now.AddMinutes(2)).ShouldBe(TimeSpan.FromMinutes(2));

        state = Step(state, new JobStep([new JudgedRepo(Other, Label.Benign)], [], true), minutes: 4);

        var job = state.Jobs[1];
        (job.Status, job.Judged, job.NewlyFlagged, job.Cleared).ShouldBe((JobStatus.Done, 2, 1, 1));
        job.Changes.ShouldBe([new LabelChange(Repo, Label.Benign, Label.Malicious), new LabelChange(Other, Label.Suspicious, Label.Benign)]);
        state.Current.ShouldBeNull();
        state.WhyNot(new JobCommands.SetStatus(1, JobStatus.Running, "ann")).ShouldBe("job 1 has ended");
    }

    [Fact]
    public void A_paused_job_sends_nothing_hears_of_what_it_sent_and_goes_on()
    {
        var state = Step(Begin(), new JobStep([], [new SentRepo(Repo, Commit, Label.Benign)], false));
        state = Apply(state, state.Handle(new JobCommands.SetStatus(1, JobStatus.Paused, "ann"), Now.AddMinutes(1)));

        state = Step(state, new JobStep([new JudgedRepo(Repo, Label.Benign)], [new SentRepo(Other, Commit, Label.Benign)], false), minutes: 60);
        (state.Jobs[1].Judged, state.Jobs[1].Underway.Count, state.Jobs[1].Ran).ShouldBe((1, 0, TimeSpan.FromMinutes(1)));
        state.Jobs[1].Left(Now).ShouldBeNull();

        state = Apply(state, state.Handle(new JobCommands.SetStatus(1, JobStatus.Running, "ann"), Now.AddMinutes(60)));
        state = Step(state, new JobStep([], [new SentRepo(Other, Commit, Label.Benign)], false), minutes: 61);
        state.Jobs[1].Underway.Keys.ShouldBe([Other]);
    }

    [Fact]
    public void A_repo_that_does_not_come_back_does_not_hold_the_job_up()
    {
        var state = Step(Begin(), new JobStep([], [new SentRepo(Repo, Commit, Label.Benign)], false));

        state = Step(state, new JobStep([], [], true), minutes: (JobsState.Patience.TotalMinutes * 2) + 1);

        (state.Jobs[1].Status, state.Jobs[1].GivenUp, state.Jobs[1].Judged).ShouldBe((JobStatus.Done, 1, 0));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var state = Begin();

        state.WhyNot(Two with { Total = 0 })!.ShouldContain("no repo fits");
        state.WhyNot(new JobCommands.SetStatus(7, JobStatus.Paused, "ann")).ShouldBe("there is no job 7");
        state.WhyNot(new JobCommands.SetStatus(1, JobStatus.Done, "ann")).ShouldNotBeNull();
        state.Handle(new JobCommands.SetStatus(1, JobStatus.Running, "ann"), Now).ShouldBeEmpty();
        state = Enumerable.Range(0, 19).Aggregate(state, (all, _) => Apply(all, all.Handle(Two, Now)));
        state.WhyNot(Two)!.ShouldContain("cancel one first");
    }

    [Fact]
    public void Jobs_run_one_after_another_and_old_ones_are_forgotten()
    {
        var state = Apply(Begin(), Begin().Handle(Two, Now) is [JobEvents.Started second] ? [second with { Id = 2 }] : []);
        state.Current!.Id.ShouldBe(1);
        state = Apply(state, state.Handle(new JobCommands.SetStatus(1, JobStatus.Cancelled, "ann"), Now));
        state.Current!.Id.ShouldBe(2);

        for (var turn = 0; turn < 2 * JobsState.MostEnded; turn++)
        {
            state = Apply(state, state.Handle(Two, Now));
            state = Apply(state, state.Handle(new JobCommands.SetStatus(state.LastId, JobStatus.Cancelled, "ann"), Now));
        }

        state.Jobs.Count.ShouldBeLessThanOrEqualTo(JobsState.MostEnded + 1);
        state.Jobs.Keys.ShouldContain(2);
    }

    private static JobsState Begin() => Apply(new JobsState(), new JobsState().Handle(Two, Now));

    private static JobsState Step(JobsState state, JobStep step, double minutes = 0) => Apply(state, state.Handle(1, step, Now.AddMinutes(minutes)));

    private static JobsState Apply(JobsState state, IEnumerable<IJobEvent> events) => events.Aggregate(state, (all, e) => all.Apply(e));
}
