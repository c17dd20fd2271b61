using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using DynaHug.Shared.Work;
using static DynaHug.Shared.Tests.Samples;

namespace DynaHug.Shared.Tests.Repos;

/// <summary>Revisions that are judged beside the current one.</summary>
public sealed class PinSpecs
{
    private static readonly RepoCommands.Pin Pin = new(Repo, NextCommit, Lane.Request);
    private static readonly RepoCommands.RecordPlan PinnedPlan = new(Repo, NextCommit, [OtherFile], LeftOut: 1, HubScan: "unsafe");

    private RepoState state = new(Repo);

    public PinSpecs()
    {
        Take(state.Handle(new RepoCommands.Observe(Repo, Commit, Facts, Lane.Bulk), Now));
        Take(state.Handle(new RepoCommands.RecordPlan(Repo, Commit, [ModelFile, OtherFile], 1), Now));
        Take(state.Handle(new RepoCommands.RecordAnalysis(Repo, ModelFile.Content, Analysis), Benign, Now));
    }

    private RepoState Pinned => state.Pins!.Single();

    [Fact]
    public void A_pinned_revision_is_planned_and_judged_by_the_same_rules_in_its_own_lane_and_changes_nothing_of_the_current_one()
    {
        var before = state with { Pins = null };
        Take(state.Handle(Pin, Now)).ShouldHaveSingleItem().ShouldBeOfType<RepoEvents.RevisionPinned>();
        Pinned.Wants().ShouldBe([new PlanJob(Repo, NextCommit)]);
        Take(state.Handle(PinnedPlan with { Files = [GitFile] }, Now)).ShouldHaveSingleItem().ShouldBeOfType<RepoEvents.FilesPlanned>();
        Pinned.Wants().Cast<ArtifactCommands.Request>().Select(request => (request.Commit, request.Lane)).ShouldBe([(NextCommit, Lane.Request)]);

        var events = Take(state.Handle(new RepoCommands.RecordAnalysis(Repo, GitFile.Content, Analysis), Malicious, Now));

        events.ShouldAllBe(stored => ((IRevisionEvent)stored).Commit == NextCommit);
        (Pinned.Verdict!.Label, Pinned.Verdict.TaskCluster).ShouldBe((Label.Malicious, Facts.PipelineTag));
        Pinned.Wants().ShouldBeEmpty();
        (state with { Pins = null }).ShouldBe(before);
    }

    [Fact]
    public void A_content_that_both_have_is_judged_for_both()
    {
        Take(state.Handle(Pin, Now));
        Take(state.Handle(PinnedPlan, Now));

        Take(state.Handle(new RepoCommands.RecordAnalysis(Repo, OtherFile.Content, Analysis), Malicious, Now))
            .OfType<RepoEvents.VerdictReached>().Select(reached => reached.Commit).ShouldBe([Commit, NextCommit]);
    }

    [Fact]
    public void What_the_hub_does_not_have_is_unknown_and_is_looked_at_again_when_it_is_asked_for_again()
    {
        Take(state.Handle(Pin, Now));
        state.Handle(Pin, Now).ShouldBeEmpty("it is being looked at");
        Take(state.Handle(new RepoCommands.RecordUnreadable(Repo, NextCommit, Outcome.Error, "the hub has no such revision"), Now));
        (Pinned.Verdict!.Label, Pinned.Verdict.Reasons.Single(), state.Verdict).ShouldBe((Label.Unknown, "the hub has no such revision", null));

        Take(state.Handle(Pin, Now)).ShouldHaveSingleItem();

        Pinned.Wants().ShouldBe([new PlanJob(Repo, NextCommit)]);
    }

    [Fact]
    public void Another_profile_scores_it_again()
    {
        Take(state.Handle(Pin, Now));
        Take(state.Handle(PinnedPlan, Now));
        Take(state.Handle(new RepoCommands.RecordAnalysis(Repo, OtherFile.Content, Analysis), Unscored, Now));
        Pinned.Verdict!.Provisional.ShouldBeTrue();

        Take(state.Handle(new RepoCommands.RecordRescore(Repo, NextCommit, new Dictionary<string, FileVerdict> { [OtherFile.Path] = Benign }), Now));

        (Pinned.Verdict!.Provisional, Pinned.Verdict.Label).ShouldBe((false, Label.Benign));
        state.Handle(Pin, Now).ShouldBeEmpty("it has its verdict");
    }

    [Fact]
    public void It_ends_when_it_becomes_the_current_one_and_the_current_one_cannot_be_pinned()
    {
        Take(state.Handle(Pin, Now));
        Take(state.Handle(new RepoCommands.Observe(Repo, NextCommit, Facts, Lane.Bulk), Now));

        state.Pins.ShouldBeNull();
        state.Handle(Pin, Now).ShouldBeEmpty();
    }

    [Fact]
    public void Pins_outlive_a_new_revision_and_follow_the_facts_of_their_repo()
    {
        Take(state.Handle(Pin, Now));
        Take(state.Handle(new RepoCommands.Observe(Repo, new string('a', 40), Facts with { PipelineTag = "summarization" }, Lane.Bulk), Now));

        Pinned.Cluster.ShouldBe("summarization");
        Pinned.Wants().ShouldBe([new PlanJob(Repo, NextCommit)]);
    }

    [Fact]
    public void The_one_that_was_pinned_first_makes_room_for_one_too_many()
    {
        for (var i = 0; i <= RepoState.MostPins; i++)
        {
            Take(state.Handle(Pin with { Commit = $"{i:x40}" }, Now));
        }

        state.Pins!.Select(pin => pin.Commit).ShouldBe(Enumerable.Range(1, RepoState.MostPins).Reverse().Select(i => $"{i:x40}"));
    }

    [Fact]
    public void A_snapshot_holds_them()
    {
        Take(state.Handle(Pin, Now));
        var json = System.Text.Json.JsonSerializer.Serialize(state, Json.Options);

        var reread = System.Text.Json.JsonSerializer.Deserialize<RepoState>(json, Json.Options)!;

        System.Text.Json.JsonSerializer.Serialize(reread, Json.Options).ShouldBe(json);
        reread.Pins!.Single().Wants().ShouldBe([new PlanJob(Repo, NextCommit)]);
    }

    private IReadOnlyList<IRepoEvent> Take(IReadOnlyList<IRepoEvent> events)
    {
        state = events.Aggregate(state, (current, e) => current.Apply(e));
        return events;
    }
}
