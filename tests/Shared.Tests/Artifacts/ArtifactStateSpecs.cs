using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Static;
using DynaHug.Shared.Work;
using static DynaHug.Shared.Tests.Samples;

namespace DynaHug.Shared.Tests.Artifacts;

public sealed class ArtifactStateSpecs
{
    private static readonly ArtifactCommands.Request Request = new(Repo, Commit, ModelFile, Lane.Bulk);
    private static readonly ArtifactCommands.RecordFetched Fetched = new(ModelFile.Content, Artifact, ToBeTraced);
    private static readonly ArtifactCommands.RecordTraced Traced = new(ModelFile.Content, Trace);

    private ArtifactState state = new(ModelFile.Content);

    [Fact]
    public void Content_is_fetched_then_traced_then_everybody_is_told()
    {
        Take(state.Handle(Request, Now));
        Take(state.Handle(Request with { Repo = OtherRepo }, Now));
        state.Wants().ShouldHaveSingleItem().ShouldBeOfType<FetchJob>();
        Take(state.Handle(Fetched, Now));
        state.Wants().ShouldBe([new TraceJob(ModelFile.Content, Artifact, "pytorch_model.bin", "torch-zip", LibrarySet.Tensors)]);
        Take(state.Handle(Traced, Now));

        state.Wants().ShouldBeEmpty();
        state.Tidings().Cast<RepoCommands.RecordAnalysis>().Select(told => told.Repo).ShouldBe([Repo, OtherRepo]);
    }

    [Fact]
    public void A_result_that_comes_twice_is_stored_once()
    {
        Take(state.Handle(Request, Now));
        Take(state.Handle(Fetched, Now));
        Take(state.Handle(Traced, Now));

        state.Handle(Fetched, Now).ShouldBeEmpty();
        state.Handle(Traced, Now).ShouldBeEmpty();
        state.Handle(new ArtifactCommands.RecordFailure(ModelFile.Content, "late"), Now).ShouldBeEmpty();
    }

    [Fact]
    public void Bytes_that_are_no_repos_are_traced_for_their_own_sake_and_again_when_the_trace_is_too_old()
    {
        var wanted = new ArtifactCommands.TraceStored(ModelFile.Content, Artifact, ToBeTraced, "model.bin", Lane.Upload, Now);
        Take(state.Handle(wanted, Now));
        state.Wants().ShouldBe([new TraceJob(ModelFile.Content, Artifact, "model.bin", "torch-zip", LibrarySet.Tensors)]);
        state.Handle(wanted, Now).ShouldBeEmpty();
        Take(state.Handle(Traced, Now));

        state.Tidings().ShouldBeEmpty();
        state.Handle(wanted, Now).ShouldBeEmpty();
        Take(state.Handle(wanted with { Since = Now.AddHours(1) }, Now.AddHours(1)));
        state.Wants().ShouldHaveSingleItem().ShouldBeOfType<TraceJob>();
    }

    [Fact]
    public void What_cannot_execute_is_never_traced()
    {
        Take(state.Handle(Request, Now));
        Take(state.Handle(Fetched with { Static = NothingRuns }, Now));

        state.Analysis!.Outcome.ShouldBe(Outcome.NothingToExecute);
        state.Wants().ShouldBeEmpty();
    }

    [Fact]
    public void Content_that_one_repo_does_not_give_is_fetched_from_another()
    {
        Take(state.Handle(Request, Now));
        Take(state.Handle(Request with { Repo = OtherRepo }, Now));
        Take(state.Handle(new ArtifactCommands.RecordNotFetched(ModelFile.Content, Repo, Outcome.Gated, "needs consent"), Now));

        state.Tidings().Cast<RepoCommands.RecordAnalysis>().ShouldHaveSingleItem().Analysis.Outcome.ShouldBe(Outcome.Gated);
        state.Wants().Cast<FetchJob>().ShouldHaveSingleItem().Repo.ShouldBe(OtherRepo);
    }

    [Fact]
    public void What_kills_the_nodes_that_work_on_it_is_given_up_at_once()
    {
        Take(state.Handle(new ArtifactCommands.Request(Repo, Commit, ModelFile, Lane.Bulk), Now));

        Take(state.Handle(new ArtifactCommands.RecordFailure(ModelFile.Content, "quarantined: its nodes fell silent", Final: true), Now));

        state.Analysis!.Outcome.ShouldBe(Outcome.Error);
        state.Analysis.Reason.ShouldContain("quarantined");
        state.Wants().ShouldBeEmpty();
    }

    [Fact]
    public void Failures_of_ours_are_tried_again_and_then_are_an_error_not_a_clean_file()
    {
        Take(state.Handle(Request, Now));
        for (var failure = 1; failure < ArtifactState.MaxFailures; failure++)
        {
            Take(state.Handle(new ArtifactCommands.RecordFailure(ModelFile.Content, "sandbox broke"), Now));
            state.Wants().ShouldHaveSingleItem();
        }

        Take(state.Handle(new ArtifactCommands.RecordFailure(ModelFile.Content, "sandbox broke"), Now));
        state.Analysis!.Outcome.ShouldBe(Outcome.Error);
        state.Analysis.Reason.ShouldContain("sandbox broke");
    }

    [Fact]
    public void Content_known_by_its_git_hash_follows_the_one_it_turns_out_to_be()
    {
        var follower = Fold(
            new ArtifactState(GitFile.Content),
            s => s.Handle(Request with { File = GitFile }, Now),
            s => s.Handle(Fetched with { Content = GitFile.Content }, Now));
        var follow = follower.Wants().ShouldHaveSingleItem().ShouldBeOfType<ArtifactCommands.Follow>();
        follow.Content.ShouldBe(ModelFile.Content);

        var followed = Fold(state, s => s.Handle(follow, Now), s => s.Handle(Traced, Now));
        var tiding = followed.Tidings().ShouldHaveSingleItem().ShouldBeOfType<ArtifactCommands.RecordFollowed>();
        Fold(follower, s => s.Handle(tiding, Now)).Tidings().ShouldHaveSingleItem().ShouldBeOfType<RepoCommands.RecordAnalysis>();
    }

    [Fact]
    public void A_persons_request_lifts_the_lane_of_what_waits()
    {
        Take(state.Handle(Request, Now));
        Take(state.Handle(Request with { Lane = Lane.Request }, Now));
        state.Lane.ShouldBe(Lane.Request);
    }

    private void Take(IReadOnlyList<IArtifactEvent> events) => state = events.Aggregate(state, (current, e) => current.Apply(e));

    private static ArtifactState Fold(ArtifactState from, params Func<ArtifactState, IReadOnlyList<IArtifactEvent>>[] steps) =>
        steps.Aggregate(from, (current, step) => step(current).Aggregate(current, (s, e) => s.Apply(e)));
}
