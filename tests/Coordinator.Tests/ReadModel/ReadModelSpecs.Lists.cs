using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Tests;
using DynaHug.Shared.Verdicts;
using static DynaHug.Coordinator.Tests.ReadModel.Story;

namespace DynaHug.Coordinator.Tests.ReadModel;

/// <summary>Lists of repos: their order, their pages, their filters.</summary>
public abstract partial class ReadModelSpecs
{
    [Fact]
    public async Task Lists_page_by_key_through_everything_once_and_filter()
    {
        using var readModel = await MakeAsync();
        var story = ThreeRepos();
        for (var number = 0; number < 25; number++)
        {
            story.Repo($"many/m{number:00}", Loaded($"many {number}", [Started]), Label.Malicious, likes: number / 3);
        }

        await story.ApplyToAsync(readModel.Writer, Cancel);

        (await WalkAsync(after => readModel.Queries.ReposAsync(new RepoFilter(), after, 4, Cancel), repo => repo.Repo.Value)).Distinct().Count().ShouldBe(28);
        (await WalkAsync(after => readModel.Queries.FlaggedAsync(new RepoFilter(), after, 4, Cancel), repo => repo.Repo.Value)).Distinct().Count().ShouldBe(26);
        (await readModel.Queries.ReposAsync(new RepoFilter(Search: "GOOD"), null, 9, Cancel)).Items.Single().Repo.Value.ShouldBe("acme/good");
        (await readModel.Queries.ReposAsync(new RepoFilter(Search: "%"), null, 9, Cancel)).Items.ShouldBeEmpty("wildcards are letters here");
        (await readModel.Queries.ReposAsync(new RepoFilter(Label: Label.Benign), null, 9, Cancel)).Items.Count.ShouldBe(1);
        (await readModel.Queries.FlaggedAsync(new RepoFilter(Indicator: "program-started", TaskCluster: "text-generation"), null, 99, Cancel)).Items.Count.ShouldBe(26);
        (await readModel.Queries.FlaggedAsync(new RepoFilter(Indicator: "mass-deletion"), null, 99, Cancel)).Items.ShouldBeEmpty();
        (await readModel.Queries.FlaggedFilesAsync(Cancel).CountAsync(Cancel)).ShouldBe(26);
        (await readModel.Queries.ReposAsync(new RepoFilter(), "no cursor' OR 1=1", 4, Cancel)).Items.Count.ShouldBe(4);
    }

    [Fact]
    public async Task What_repos_show_of_their_files_is_listed_in_both_orders_and_follows_likes_flags_and_revisions()
    {
        using var readModel = await MakeAsync();
        var story = ThreeRepos()
            .Repo("evil/liked", Loaded("liked", [Started]), Label.Malicious, likes: 99)
            .Repo("acme/late", ArtifactAnalysis.WithoutBytes(Outcome.TimedOut, "too slow"), Label.Unknown);
        await story.ApplyToAsync(readModel.Writer, Cancel);
        var started = new RepoFilter(Indicator: "program-started");

        (await WalkAsync(after => readModel.Queries.ReposAsync(new RepoFilter(Outcome: Outcome.Analysed), after, 1, Cancel), Name)).ShouldBe(["evil/liked", "acme/good", "evil/bad"]);
        (await WalkAsync(after => readModel.Queries.ReposAsync(started, after, 1, Cancel), Name)).ShouldBe(["evil/liked", "evil/bad"]);
        (await WalkAsync(after => readModel.Queries.FlaggedAsync(started, after, 1, Cancel), repo => repo.Repo.Value)).ShouldBe(["evil/liked", "evil/bad"]);
        (await readModel.Queries.ReposAsync(started with { Outcome = Outcome.TimedOut }, null, 9, Cancel)).Items.ShouldBeEmpty();
        (await readModel.Queries.ReposAsync(started with { Outcome = Outcome.Analysed, Search = "LIKED" }, null, 9, Cancel)).Items.ShouldHaveSingleItem();

        story.Tell(new RepoEvents.FactsChanged(RepoId.Parse("evil/bad"), new RepoFacts("text-generation", null, 500, 1, Start, false, null), Start));
        await story.ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.ReposAsync(started, null, 9, Cancel)).Items.Select(Name).ShouldBe(["evil/bad", "evil/liked"]);

        await story.Observed("evil/bad", revision: 2).ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.ReposAsync(started, null, 9, Cancel)).Items.Select(Name).ShouldBe(["evil/liked"]);
        (await readModel.Queries.ReposAsync(new RepoFilter(Outcome: Outcome.Analysed), null, 9, Cancel)).Items.Select(Name).ShouldBe(["evil/liked", "acme/good"]);

        static string Name(RepoSummary repo) => repo.Repo.Value;
    }

    [Fact]
    public async Task A_filter_that_only_a_flag_can_fit_leaves_all_others_out()
    {
        using var readModel = await MakeAsync();
        await ThreeRepos().Repo("evil/liked", Loaded("liked", [Started]), Label.Malicious, likes: 99).ApplyToAsync(readModel.Writer, Cancel);

        foreach (var filter in new[] { new RepoFilter(Case: "new"), new RepoFilter(FlaggedSince: Start), new RepoFilter(Payload: "program-started: /usr/bin/id") })
        {
            (await WalkAsync(after => readModel.Queries.ReposAsync(filter, after, 1, Cancel), repo => repo.Repo.Value)).ShouldBe(["evil/liked", "evil/bad"], $"{filter}");
        }
    }
}
