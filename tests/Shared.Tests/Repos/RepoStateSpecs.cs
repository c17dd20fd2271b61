using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Work;
using static DynaHug.Shared.Tests.Samples;

namespace DynaHug.Shared.Tests.Repos;

public sealed class RepoStateSpecs
{
    private static readonly RepoCommands.Observe Observe = new(Repo, Commit, Facts, Lane.Upload);
    private static readonly RepoCommands.RecordPlan Plan = new(Repo, Commit, [ModelFile, OtherFile], LeftOut: 3);

    private RepoState state = new(Repo);

    [Fact]
    public void A_new_revision_is_planned_first()
    {
        Take(state.Handle(Observe, Now)).ShouldHaveSingleItem().ShouldBeOfType<RepoEvents.RevisionObserved>();
        state.Wants().ShouldBe([new PlanJob(Repo, Commit)]);
    }

    [Fact]
    public void What_the_hubs_scan_says_comes_with_the_plan_and_outlives_lists_that_do_not_tell()
    {
        Take(state.Handle(Observe, Now));
        Take(state.Handle(Plan with { HubScan = "unsafe" }, Now))
            .ShouldContain(new RepoEvents.FactsChanged(Repo, Facts with { HubScan = "unsafe" }, Now));

        state.Handle(Observe, Now).ShouldBeEmpty();
        Take(state.Handle(Observe with { Facts = Facts with { Likes = 99 } }, Now)).ShouldHaveSingleItem();

        (state.Facts!.HubScan, state.Facts.Likes).ShouldBe(("unsafe", 99));
        Take(state.Handle(Observe with { Commit = NextCommit }, Now));
        state.Facts.HubScan.ShouldBeNull();
    }

    [Fact]
    public void A_listing_that_shows_no_file_with_a_program_is_all_that_such_a_repo_takes()
    {
        Take(state.Handle(Observe with { LeftOut = 4 }, Now)).Select(stored => stored.GetType())
            .ShouldBe([typeof(RepoEvents.RevisionObserved), typeof(RepoEvents.FilesPlanned), typeof(RepoEvents.VerdictReached)]);

        (state.Verdict!.Label, state.LeftOut).ShouldBe((Label.Benign, 4));
        state.Wants().ShouldBeEmpty();
        state.Handle(Observe with { LeftOut = 4 }, Now).ShouldBeEmpty();
        Take(state.Handle(Observe with { Commit = NextCommit }, Now));
        state.Wants().ShouldBe([new PlanJob(Repo, NextCommit)], "a listing that does not tell has the next revision's file list read");
    }

    [Fact]
    public void The_same_observation_twice_changes_nothing()
    {
        Take(state.Handle(Observe, Now));
        state.Handle(Observe, Now).ShouldBeEmpty();
    }

    [Fact]
    public void Every_planned_content_is_asked_for_once()
    {
        Take(state.Handle(Observe, Now));
        Take(state.Handle(Plan with { Files = [ModelFile, ModelFile with { Path = "copy.bin" }, OtherFile] }, Now));

        state.Wants().Cast<ArtifactCommands.Request>().Select(request => request.Content).ShouldBe([ModelFile.Content, OtherFile.Content]);
    }

    [Fact]
    public void The_verdict_comes_with_the_last_analysis_and_is_the_gravest_label()
    {
        Take(state.Handle(Observe, Now));
        Take(state.Handle(Plan, Now));
        Take(state.Handle(Analysed(ModelFile.Content), Benign, Now)).ShouldHaveSingleItem().ShouldBeOfType<RepoEvents.FileAnalysed>();
        var events = Take(state.Handle(Analysed(OtherFile.Content), Malicious, Now));

        var verdict = events[^1].ShouldBeOfType<RepoEvents.VerdictReached>().Verdict;
        verdict.Label.ShouldBe(Label.Malicious);
        verdict.Reasons.ShouldBe(["extra/head.pkl: started a program: /usr/bin/id"]);
        state.Wants().ShouldBeEmpty();
    }

    [Fact]
    public void The_same_analysis_twice_gives_no_second_verdict()
    {
        Finished(Benign, Benign);
        state.Handle(Analysed(ModelFile.Content), Malicious, Now).ShouldBeEmpty();
    }

    [Fact]
    public void Results_of_a_former_revision_are_ignored()
    {
        Take(state.Handle(Observe, Now));
        Take(state.Handle(Observe with { Commit = NextCommit }, Now));

        state.Handle(Plan, Now).ShouldBeEmpty();
        state.Wants().ShouldBe([new PlanJob(Repo, NextCommit)]);
    }

    [Fact]
    public void A_revision_without_a_file_to_load_is_judged_at_once_and_says_so()
    {
        Take(state.Handle(Observe, Now));
        Take(state.Handle(Plan with { Files = [] }, Now));

        state.Verdict!.Label.ShouldBe(Label.Benign);
        state.Verdict.Reasons.ShouldHaveSingleItem().ShouldStartWith("nothing to execute");
    }

    [Fact]
    public void A_revision_that_cannot_be_read_is_unknown_with_its_reason()
    {
        Take(state.Handle(Observe, Now));
        Take(state.Handle(new RepoCommands.RecordUnreadable(Repo, Commit, Outcome.Gated, "needs the owner's consent"), Now));

        state.Verdict!.Label.ShouldBe(Label.Unknown);
        state.Verdict.Files.ShouldHaveSingleItem().Verdict.Outcome.ShouldBe(Outcome.Gated);
    }

    [Fact]
    public void One_benign_file_does_not_hide_one_that_was_not_analysed()
    {
        Finished(Benign, Benign with { Label = Label.Unknown, Outcome = Outcome.TimedOut, Reasons = ["timed out"] });
        state.Verdict!.Label.ShouldBe(Label.Unknown);
    }

    [Fact]
    public void Without_a_profile_the_verdict_is_provisional_and_a_rescore_settles_it()
    {
        Finished(Unscored, Unscored);
        state.Verdict!.Provisional.ShouldBeTrue();

        var rescore = new RepoCommands.RecordRescore(Repo, Commit, new Dictionary<string, FileVerdict> { [ModelFile.Path] = Malicious, [OtherFile.Path] = Benign });
        Take(state.Handle(rescore, Now)).ShouldHaveSingleItem().ShouldBeOfType<RepoEvents.VerdictReached>();
        state.Verdict!.Label.ShouldBe(Label.Malicious);
        state.Verdict.Provisional.ShouldBeFalse();
        state.Handle(rescore, Now).ShouldBeEmpty();
    }

    private void Finished(FileVerdict one, FileVerdict other)
    {
        Take(state.Handle(Observe, Now));
        Take(state.Handle(Plan, Now));
        Take(state.Handle(Analysed(ModelFile.Content), one, Now));
        Take(state.Handle(Analysed(OtherFile.Content), other, Now));
    }

    private static RepoCommands.RecordAnalysis Analysed(ContentKey content) => new(Repo, content, Analysis);

    private IReadOnlyList<IRepoEvent> Take(IReadOnlyList<IRepoEvent> events)
    {
        state = events.Aggregate(state, (current, e) => current.Apply(e));
        return events;
    }
}
