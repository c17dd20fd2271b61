using System.Text.Json;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Static;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using DynaHug.Shared.Work;
using static DynaHug.Shared.Tests.Samples;

namespace DynaHug.Shared.Tests.Artifacts;

/// <summary>Contents of which only parts were read, and contents that share a program.</summary>
public sealed class SparseContentSpecs
{
    private static readonly SparseReading Reading = new(200_000, 3, 12);
    private static readonly ContentKey Program = ContentKey.OfProgram(OtherArtifact);
    private static readonly ArtifactCommands.Request Request = new(Repo, Commit, ModelFile, Lane.Bulk);
    private static readonly ArtifactCommands.RecordFetched Fetched = new(ModelFile.Content, Artifact, ToBeTraced, Reading, OtherArtifact, Recheck: true);
    private static readonly ArtifactAnalysis OfProgram = ArtifactAnalysis.Of(OtherArtifact, ToBeTraced, Trace);

    private ArtifactState state = new(ModelFile.Content);

    [Fact]
    public void The_program_is_loaded_and_the_content_says_what_was_read_of_it()
    {
        Take(state.Handle(Request, Now));
        Take(state.Handle(Fetched with { Recheck = false }, Now));
        var follow = state.Wants().ShouldHaveSingleItem().ShouldBeOfType<ArtifactCommands.Follow>();
        follow.Content.ShouldBe(Program);

        var program = new ArtifactState(Program);
        program = program.Handle(follow, Now).Aggregate(program, (before, stored) => before.Apply(stored));
        program.Wants().ShouldBe([new TraceJob(Program, OtherArtifact, "pytorch_model.bin", "torch-zip", LibrarySet.Tensors)]);
        program = program.Handle(new ArtifactCommands.RecordTraced(Program, Trace), Now).Aggregate(program, (before, stored) => before.Apply(stored));
        Take(state.Handle(program.Tidings().ShouldHaveSingleItem().ShouldBeOfType<ArtifactCommands.RecordFollowed>(), Now));

        state.Analysis!.Artifact.ShouldBe(Artifact);
        state.Analysis.Sparse.ShouldBe(Reading);
        state.Wants().ShouldBeEmpty();
    }

    [Fact]
    public void A_content_that_is_rechecked_is_fetched_and_loaded_whole_and_that_counts()
    {
        Take(state.Handle(Request, Now));
        Take(state.Handle(Fetched, Now));
        Take(state.Handle(new ArtifactCommands.RecordFollowed(ModelFile.Content, OfProgram), Now));
        state.Wants().ShouldBe([new FetchJob(Repo, Commit, ModelFile, Whole: true)]);
        Take(state.Handle(new ArtifactCommands.RecordFetched(ModelFile.Content, Artifact, ToBeTraced), Now));
        state.Wants().ShouldBe([new TraceJob(ModelFile.Content, Artifact, "pytorch_model.bin", "torch-zip", LibrarySet.Tensors)]);
        var other = Trace with { Counts = new Dictionary<int, long> { [0] = 121, [8] = 44, [59] = 1 } };
        var rechecked = state.Handle(new ArtifactCommands.RecordTraced(ModelFile.Content, other), Now);
        Take(rechecked);

        rechecked.ShouldHaveSingleItem().ShouldBeOfType<ArtifactEvents.Rechecked>().Difference.ShouldBe("other counts of system calls 0");
        state.Analysis!.Sparse.ShouldBeNull();
        state.Analysis.Trace.ShouldBe(other);
        state.Wants().ShouldBeEmpty();
    }

    [Fact]
    public void A_recheck_that_cannot_be_done_leaves_what_was_known()
    {
        Take(state.Handle(Request, Now));
        Take(state.Handle(Fetched, Now));
        Take(state.Handle(new ArtifactCommands.RecordFollowed(ModelFile.Content, OfProgram), Now));
        Take(state.Handle(new ArtifactCommands.RecordNotFetched(ModelFile.Content, Repo, Outcome.Gated, "needs consent"), Now));

        state.Analysis!.Sparse.ShouldBe(Reading);
        state.Wants().ShouldBeEmpty();
    }

    [Fact]
    public void A_whole_content_may_share_a_load_too()
    {
        var git = new ArtifactState(GitFile.Content);
        git = git.Handle(Request with { File = GitFile }, Now).Aggregate(git, (before, stored) => before.Apply(stored));
        git = git.Handle(new ArtifactCommands.RecordFetched(GitFile.Content, Artifact, ToBeTraced, Program: OtherArtifact), Now).Aggregate(git, (before, stored) => before.Apply(stored));
        git.Wants().ShouldHaveSingleItem().ShouldBeOfType<ArtifactCommands.Follow>().Content.ShouldBe(Program);
        git = git.Handle(new ArtifactCommands.RecordFollowed(GitFile.Content, OfProgram), Now).Aggregate(git, (before, stored) => before.Apply(stored));
        git.Analysis.ShouldBe(OfProgram with { Artifact = Artifact });
    }

    [Fact]
    public void A_repos_verdict_says_what_was_read_until_the_whole_is_analysed()
    {
        var repo = new RepoState(Repo);
        repo = Told(repo, repo.Handle(new RepoCommands.Observe(Repo, Commit, Facts, Lane.Bulk), Now));
        repo = Told(repo, repo.Handle(new RepoCommands.RecordPlan(Repo, Commit, [ModelFile], 0), Now));
        repo = Told(repo, repo.Handle(new RepoCommands.RecordAnalysis(Repo, ModelFile.Content, Analysis with { Sparse = Reading }), Benign, Now));
        repo.Verdict!.Files[0].Sparse.ShouldBe(Reading);
        repo.Verdict.Reasons.ShouldContain(reason => reason.Contains("read in part: 200000 bytes, without 12 tensor storages", StringComparison.Ordinal));

        repo = Told(repo, repo.Handle(new RepoCommands.RecordRescore(Repo, Commit, new Dictionary<string, FileVerdict> { [ModelFile.Path] = Malicious }), Now));
        repo.Verdict!.Label.ShouldBe(Label.Malicious);
        repo.Verdict.Files[0].Verdict.Reasons.ShouldContain(Reading.Sentence);

        repo = Told(repo, repo.Handle(new RepoCommands.RecordAnalysis(Repo, ModelFile.Content, Analysis), Benign, Now));
        repo.Verdict!.Files[0].Sparse.ShouldBeNull();
        repo.Verdict.Label.ShouldBe(Label.Benign);
    }

    [Fact]
    public void What_was_read_comes_through_json()
    {
        var analysis = Analysis with { Sparse = Reading };
        JsonSerializer.Deserialize<ArtifactAnalysis>(JsonSerializer.Serialize(analysis, Json.Options), Json.Options)!.Sparse.ShouldBe(Reading);
        ContentKey.Parse(Program.Value).ShouldBe(Program);
        ContentKey.Parse(Program.Value).Program.ShouldBe(OtherArtifact);
    }

    private static RepoState Told(RepoState repo, IReadOnlyList<IRepoEvent> events) => events.Aggregate(repo, (before, stored) => before.Apply(stored));

    private void Take(IReadOnlyList<IArtifactEvent> events) => state = events.Aggregate(state, (before, stored) => before.Apply(stored));
}
