using DynaHug.Shared.Profiles;
using static DynaHug.Shared.Tests.Samples;

namespace DynaHug.Shared.Tests.Profiles;

public sealed class ProfileStateSpecs
{
    private static readonly ProfileDescription First = new(Artifact, "text-generation", "env-1", "one-class-svm", 60, 0.01, 0.99);
    private ProfileState state = new("text-generation", "env-1");

    [Fact]
    public void A_proposed_profile_scores_only_when_activated()
    {
        Take(state.Handle(new ProfileCommands.Propose(First, Activate: false), Now));
        state.Active.ShouldBeNull();
        Take(state.Handle(new ProfileCommands.Activate("text-generation", "env-1", 1), Now));
        state.Active.ShouldBe(First);
    }

    [Fact]
    public void The_same_fit_twice_is_one_version()
    {
        Take(state.Handle(new ProfileCommands.Propose(First, Activate: true), Now));
        state.Handle(new ProfileCommands.Propose(First, Activate: true), Now).ShouldBeEmpty();
    }

    [Fact]
    public void Activating_a_former_version_is_the_way_back_and_an_unknown_one_changes_nothing()
    {
        Take(state.Handle(new ProfileCommands.Propose(First, Activate: true), Now));
        Take(state.Handle(new ProfileCommands.Propose(First with { Blob = OtherArtifact }, Activate: true), Now));
        state.ActiveVersion.ShouldBe(2);
        Take(state.Handle(new ProfileCommands.Activate("text-generation", "env-1", 1), Now));
        state.Active.ShouldBe(First);
        state.Handle(new ProfileCommands.Activate("text-generation", "env-1", 7), Now).ShouldBeEmpty();
    }

    [Fact]
    public void The_first_comparison_of_a_version_stays_and_an_unknown_one_has_none()
    {
        var comparison = new ProfileComparison(OtherArtifact, null, 100, 2, 0, 13, 13, 0, "");
        Take(state.Handle(new ProfileCommands.Propose(First, Activate: false), Now));
        Take(state.Handle(new ProfileCommands.RecordComparison("text-generation", "env-1", 1, comparison), Now));
        Take(state.Handle(new ProfileCommands.RecordComparison("text-generation", "env-1", 1, comparison with { Traces = 7 }), Now));
        state.Handle(new ProfileCommands.RecordComparison("text-generation", "env-1", 2, comparison), Now).ShouldBeEmpty();

        state.Comparisons.Values.ShouldBe([comparison]);
        (state.VersionOf(First.Blob), state.VersionOf(OtherArtifact)).ShouldBe((1, 0));
    }

    [Theory]
    [InlineData("text-generation", "text-generation")]
    [InlineData(null, "not-clustered")]
    [InlineData("", "not-clustered")]
    [InlineData("<b>x</b>", "not-clustered")]
    [InlineData("a@b", "not-clustered")]
    public void A_task_cluster_is_the_pipeline_tag_or_none(string? tag, string cluster) => TaskCluster.Of(tag).ShouldBe(cluster);

    private void Take(IReadOnlyList<IProfileEvent> events) => state = events.Aggregate(state, (current, e) => current.Apply(e));
}
