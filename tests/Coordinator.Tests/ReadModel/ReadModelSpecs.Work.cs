using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Work;
using static DynaHug.Coordinator.Tests.ReadModel.Story;

namespace DynaHug.Coordinator.Tests.ReadModel;

/// <summary>What is still to be done, and content known under several names.</summary>
public abstract partial class ReadModelSpecs
{
    [Fact]
    public async Task Open_work_is_what_has_no_end_and_was_not_touched_lately()
    {
        using var readModel = await MakeAsync();
        var file = File("b.bin", "refused");
        var story = ThreeRepos().Observed("acme/refused").Planned("acme/refused", file);
        story.Tell(new ArtifactEvents.NotFetched(file.Content, RepoId.Parse("acme/refused"), Outcome.Gated, "needs consent", Start));
        await story.ApplyToAsync(readModel.Writer, Cancel);

        (await readModel.Queries.OpenArtifactsAsync(Start.AddDays(1), Cancel).ToListAsync(Cancel)).ShouldBe([ContentKey.Of(Hash("open"))], "a content that all its repos refuse has no work left");
        (await readModel.Queries.OpenReposAsync(Start.AddDays(1), Cancel).Select(repo => repo.Value).ToListAsync(Cancel)).ShouldBe(["acme/open", "acme/refused"]);
        (await readModel.Queries.OpenReposAsync(Start, Cancel).ToListAsync(Cancel)).ShouldBeEmpty();

        story.Tell(new ArtifactEvents.Requested(file.Content, RepoId.Parse("acme/other"), CommitOf("acme/other"), file, Lane.Bulk, Start));
        await story.ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.OpenArtifactsAsync(Start.AddDays(1), Cancel).ToListAsync(Cancel)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_to_be_analysed_whole_as_well_is_open_and_keeps_its_bytes_until_it_is()
    {
        using var readModel = await MakeAsync();
        var analysis = BenignLoad("sparse") with { Sparse = new SparseReading(200_000, 3, 12) };
        var file = new RepoFile("pytorch_model.bin", 1 << 30, ContentKey.Of(analysis.Artifact!));
        var story = new Story().Observed("acme/sparse").Planned("acme/sparse", file)
            .Tell(new ArtifactEvents.Fetched(file.Content, analysis.Artifact!, analysis.Static!, Start, analysis.Sparse, Hash("program"), Recheck: true))
            .Tell(new ArtifactEvents.Analysed(file.Content, analysis, Start))
            .Tell(new ArtifactEvents.FetchedWhole(file.Content, analysis.Static!, Start));
        await story.ApplyToAsync(readModel.Writer, Cancel);

        (await readModel.Queries.OpenArtifactsAsync(Start.AddDays(1), Cancel).ToListAsync(Cancel)).ShouldBe([file.Content]);
        (await readModel.Queries.IsDoneWithAsync(analysis.Artifact!, Cancel)).ShouldBeFalse();

        await story.Tell(new ArtifactEvents.Rechecked(file.Content, null, "could not be had whole: gone", Start)).ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.OpenArtifactsAsync(Start.AddDays(1), Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
        (await readModel.Queries.IsDoneWithAsync(analysis.Artifact!, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task Open_work_comes_oldest_first_and_each_once_over_many_pages()
    {
        using var readModel = await MakeAsync();
        var story = new Story();
        for (var number = 1200; number > 0; number--)
        {
            story.Tell(new RepoEvents.RevisionObserved(RepoId.Parse($"acme/m{number:0000}"), CommitOf($"m{number}"), new RepoFacts(null, null, 0, 0, Start), Lane.Bulk, Start.AddSeconds(number / 100)));
        }

        await story.ApplyToAsync(readModel.Writer, Cancel);

        var open = await readModel.Queries.OpenReposAsync(Start.AddSeconds(11), Cancel).Select(repo => repo.Value).ToListAsync(Cancel);
        open.ShouldBe(Enumerable.Range(1, 1199).Select(number => $"acme/m{number:0000}"));
    }

    [Fact]
    public async Task Content_known_by_its_git_hash_counts_once_and_has_its_analysis_under_both_names()
    {
        using var readModel = await MakeAsync();
        var git = ContentKey.OfGit(new string('c', 40));
        var file = new RepoFile("small.pkl", 10, git);
        var analysis = BenignLoad("small");
        var sha = ContentKey.Of(analysis.Artifact!);
        var verdict = Judged(analysis, Label.Benign, "p1");
        await new Story().Observed("acme/git").Planned("acme/git", file)
            .Tell(new ArtifactEvents.Fetched(git, analysis.Artifact!, analysis.Static!, Start))
            .Tell(new ArtifactEvents.Followed(sha, git, "small.pkl", Lane.Bulk, Start))
            .Tell(new ArtifactEvents.Fetched(sha, analysis.Artifact!, analysis.Static!, Start))
            .Tell(new ArtifactEvents.Analysed(sha, analysis, Start))
            .Tell(new ArtifactEvents.Analysed(git, analysis, Start))
            .FileJudged("acme/git", file, verdict, analysis.Artifact)
            .Verdict("acme/git", Label.Benign, ["fine"], [new JudgedFile("small.pkl", 10, analysis.Artifact, verdict)])
            .ApplyToAsync(readModel.Writer, Cancel);

        var overview = await readModel.Queries.OverviewAsync(Cancel);
        (overview.FetchedArtifacts, overview.AnalysedArtifacts).ShouldBe((1, 1));
        (await readModel.Queries.AnalysisAsync(git, Cancel))!.Artifact.ShouldBe(analysis.Artifact);
        (await readModel.Queries.TrainingSetAsync("text-generation", "env-1", 10, 10, Cancel)).Loads.Count.ShouldBe(1);
    }
}
