using DynaHug.Shared.Hub;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Work;
using static DynaHug.Coordinator.Tests.ReadModel.Story;

namespace DynaHug.Coordinator.Tests.ReadModel;

public abstract partial class ReadModelSpecs
{
    private static readonly RepoId Good = RepoId.Parse("acme/good");

    /// <summary>Of <see cref="Good"/>, whose current revision is the first.</summary>
    private static readonly string PinnedCommit = CommitOf("acme/good", 2);

    [Fact]
    public async Task A_pinned_revision_changes_nothing_but_the_history_of_its_own()
    {
        using var plain = await MakeAsync();
        using var pinned = await MakeAsync();
        await ThreeRepos().ApplyToAsync(plain.Writer, Cancel);
        await WithPin(Label.Malicious, "p1").ApplyToAsync(pinned.Writer, Cancel);

        (await pinned.Queries.VerdictsOfAsync(Good, PinnedCommit, Cancel)).ShouldHaveSingleItem().Label.ShouldBe(Label.Malicious);
        (await pinned.Queries.IsPinnedAsync(Good, PinnedCommit, Cancel)).ShouldBeTrue();
        OfRepos(await DumpAsync(pinned)).ShouldBe(OfRepos(await DumpAsync(plain)));
        (await pinned.Queries.RepoAsync(Good, Cancel))!.History.ShouldHaveSingleItem().Revision.ShouldBe(CommitOf("acme/good"));
        (await pinned.Queries.FlaggedSinceAsync(null, Cancel).Select(flagged => flagged.Repo.Value).ToListAsync(Cancel)).ShouldBe(["evil/bad"]);
        (await pinned.Queries.TrainingSetAsync("text-generation", Story.Environment, 10, 10, Cancel)).Loads.Count.ShouldBe(1);

        // Contents are counted whoever has them.
        static IEnumerable<string> OfRepos(string dump) => dump.Split('\n').Where(line =>
            line.Split(' ')[0] is "repos" or "files" or "repo_facets" or "tallies" && !line.StartsWith("tallies kind=artifacts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pinned_revision_is_open_until_its_verdict_and_a_later_profile_finds_it()
    {
        using var readModel = await MakeAsync();
        await Pinned(ThreeRepos()).ApplyToAsync(readModel.Writer, Cancel);
        (await OpenAsync()).ShouldBe(["acme/good"]);

        await WithPin(Label.Unknown, profile: null).ApplyToAsync(readModel.Writer, Cancel);

        (await OpenAsync()).ShouldBeEmpty();
        var candidate = (await CandidatesAsync("p2")).ShouldHaveSingleItem();
        (candidate.Repo, candidate.Commit, candidate.Files.Single().Path).ShouldBe((Good, PinnedCommit, "old.bin"));
        await PinJudged(WithPin(Label.Unknown, profile: null), Label.Benign, "p2").ApplyToAsync(readModel.Writer, Cancel);
        (await CandidatesAsync("p2")).ShouldBeEmpty();
        (await CandidatesAsync("p3")).ShouldHaveSingleItem();

        async Task<IReadOnlyList<string>> OpenAsync() => await readModel.Queries.OpenPinsAsync(Start.AddDays(1), Cancel).Select(repo => repo.Value).ToListAsync(Cancel);

        async Task<IReadOnlyList<Coordinator.ReadModel.RescoreCandidate>> CandidatesAsync(string profile) =>
            await readModel.Queries.PinnedRescoreCandidatesAsync("text-generation", Story.Environment, profile, 1, Cancel).ToListAsync(Cancel);
    }

    [Fact]
    public async Task A_pin_ends_when_it_is_forgotten_or_becomes_the_current_revision_and_its_verdict_stays()
    {
        using var readModel = await MakeAsync();
        var story = WithPin(Label.Malicious, "p1");
        await story.ApplyToAsync(readModel.Writer, Cancel);

        await story.Tell(new RepoEvents.PinForgotten(Good, PinnedCommit, Start.AddHours(1))).ApplyToAsync(readModel.Writer, Cancel);

        (await readModel.Queries.IsPinnedAsync(Good, PinnedCommit, Cancel)).ShouldBeFalse();
        (await readModel.Queries.PinnedRescoreCandidatesAsync("text-generation", Story.Environment, "p2", 1, Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
        (await readModel.Queries.VerdictsOfAsync(Good, PinnedCommit, Cancel)).ShouldHaveSingleItem();
        await Pinned(story).Observed("acme/good", revision: 2).ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.IsPinnedAsync(Good, PinnedCommit, Cancel)).ShouldBeFalse();
        (await readModel.Queries.RepoAsync(Good, Cancel))!.Summary.Revision.ShouldBe(PinnedCommit);
    }

    private static Story Pinned(Story story) => story.Tell(new RepoEvents.RevisionPinned(Good, PinnedCommit, Lane.Request, Start.AddMinutes(30)));

    private static Story WithPin(Label label, string? profile)
    {
        var file = File("old.bin", "old");
        return PinJudged(Pinned(ThreeRepos()).PlannedAt("acme/good", 2, file).Analysed(file, BenignLoad("old")), label, profile);
    }

    private static Story PinJudged(Story story, Label label, string? profile)
    {
        var verdict = Story.Judged(BenignLoad("old"), label, profile);
        return story
            .FileJudged("acme/good", File("old.bin", "old"), verdict, Hash("old"), revision: 2)
            .Verdict("acme/good", label, ["old.bin: said"], [new JudgedFile("old.bin", 2048, Hash("old"), verdict)], revision: 2);
    }
}
