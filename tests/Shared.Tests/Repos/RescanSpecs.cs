using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Work;

namespace DynaHug.Shared.Tests.Repos;

/// <summary>A rescan: everything is analysed anew, once, and what was known stays until then.</summary>
public sealed class RescanSpecs
{
    private static readonly DateTimeOffset Later = Samples.Now.AddHours(1);
    private static readonly RepoCommands.Rescan Rescan = new(Samples.Repo, Samples.Commit, Lane.Request);

    [Fact]
    public void A_judged_repo_asks_for_its_files_anew_and_keeps_its_verdict_meanwhile()
    {
        var judged = Judged();

        var rescanned = judged.Apply(judged.Handle(Rescan, Later).ShouldHaveSingleItem());

        rescanned.Verdict.ShouldNotBeNull();
        rescanned.Handle(Rescan, Later).ShouldBeEmpty("one is under way");
        rescanned.Wants().ShouldHaveSingleItem().ShouldBe(new ArtifactCommands.Request(Samples.Repo, Samples.Commit, Samples.ModelFile, Lane.Request, Later));
        var done = After(rescanned, rescanned.Handle(new RepoCommands.RecordAnalysis(Samples.Repo, Samples.ModelFile.Content, Samples.Analysis, Anew: true), Samples.Malicious, Later));
        done.Verdict!.Label.ShouldBe(Label.Malicious);
        done.Wants().ShouldBeEmpty();
    }

    [Fact]
    public void A_rescan_of_another_revision_or_of_an_unfinished_one_changes_nothing()
    {
        Judged().Handle(Rescan with { Commit = Samples.NextCommit }, Later).ShouldBeEmpty();
        new RepoState(Samples.Repo).Handle(Rescan, Later).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_rescan_of_a_twin_finds_counts_here_too()
    {
        var judged = Judged();

        var told = judged.Handle(new RepoCommands.RecordAnalysis(Samples.Repo, Samples.ModelFile.Content, Samples.Analysis, Anew: true), Samples.Malicious, Later);

        After(judged, told).Verdict!.Label.ShouldBe(Label.Malicious);
        judged.Handle(new RepoCommands.RecordAnalysis(Samples.Repo, Samples.ModelFile.Content, Samples.Analysis, Anew: true), Samples.Benign, Later).ShouldBeEmpty();
    }

    [Fact]
    public void A_content_is_fetched_and_traced_again_for_whoever_wants_a_later_analysis_and_for_nobody_else()
    {
        var analysed = Analysed();
        var request = new ArtifactCommands.Request(Samples.Repo, Samples.Commit, Samples.ModelFile, Lane.Request, Later);

        analysed.Handle(request with { Since = Samples.Now.AddHours(-1) }, Later).ShouldBeEmpty();
        var reopened = After(analysed, analysed.Handle(request, Later));
        reopened.Wants().ShouldHaveSingleItem().ShouldBeOfType<FetchJob>();
        reopened.Handle(request, Later).ShouldBeEmpty("asked again while it is under way");
        var fetched = After(reopened, reopened.Handle(new ArtifactCommands.RecordFetched(Samples.ModelFile.Content, Samples.Artifact, Samples.ToBeTraced), Later));
        fetched.Wants().ShouldHaveSingleItem().ShouldBeOfType<TraceJob>();
        var done = After(fetched, fetched.Handle(new ArtifactCommands.RecordTraced(Samples.ModelFile.Content, Samples.Trace), Later));
        done.Tidings().OfType<RepoCommands.RecordAnalysis>().ShouldHaveSingleItem().Anew.ShouldBeTrue();
        done.Handle(request, Later.AddMinutes(1)).ShouldBeEmpty("analysed since");
    }

    [Fact]
    public void What_follows_another_content_has_that_one_traced_again()
    {
        var (content, waiting) = (Samples.ModelFile.Content, Samples.GitFile.Content);
        var analysed = Analysed();

        var reopened = After(analysed, analysed.Handle(new ArtifactCommands.Follow(content, waiting, Samples.Artifact, Samples.ToBeTraced, "small.pkl", Lane.Request, Later), Later));

        reopened.Analysis.ShouldBeNull();
        reopened.Wants().ShouldHaveSingleItem().ShouldBeOfType<TraceJob>();
        var done = After(reopened, reopened.Handle(new ArtifactCommands.RecordTraced(content, Samples.Trace), Later));
        done.Tidings().OfType<ArtifactCommands.RecordFollowed>().ShouldHaveSingleItem().Content.ShouldBe(waiting);
    }

    private static RepoState Judged()
    {
        var state = new RepoState(Samples.Repo);
        state = After(state, state.Handle(new RepoCommands.Observe(Samples.Repo, Samples.Commit, Samples.Facts, Lane.Bulk), Samples.Now));
        state = After(state, state.Handle(new RepoCommands.RecordPlan(Samples.Repo, Samples.Commit, [Samples.ModelFile], 0), Samples.Now));
        return After(state, state.Handle(new RepoCommands.RecordAnalysis(Samples.Repo, Samples.ModelFile.Content, Samples.Analysis), Samples.Benign, Samples.Now));
    }

    private static ArtifactState Analysed()
    {
        var state = new ArtifactState(Samples.ModelFile.Content);
        state = After(state, state.Handle(new ArtifactCommands.Request(Samples.Repo, Samples.Commit, Samples.ModelFile, Lane.Bulk), Samples.Now));
        state = After(state, state.Handle(new ArtifactCommands.RecordFetched(Samples.ModelFile.Content, Samples.Artifact, Samples.ToBeTraced), Samples.Now));
        return After(state, state.Handle(new ArtifactCommands.RecordTraced(Samples.ModelFile.Content, Samples.Trace), Samples.Now));
    }

    private static RepoState After(RepoState state, IReadOnlyList<IRepoEvent> events) => events.Aggregate(state, (now, e) => now.Apply(e));

    private static ArtifactState After(ArtifactState state, IReadOnlyList<IArtifactEvent> events) => events.Aggregate(state, (now, e) => now.Apply(e));
}
