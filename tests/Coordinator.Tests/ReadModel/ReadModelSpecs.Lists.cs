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
        (await readModel.Queries.ReposAsync(new RepoFilter { Q = "GOOD" }, null, 9, Cancel)).Items.Single().Repo.Value.ShouldBe("acme/good");
        (await readModel.Queries.ReposAsync(new RepoFilter { Q = "%" }, null, 9, Cancel)).Items.ShouldBeEmpty("wildcards are letters here");
        (await readModel.Queries.ReposAsync(new RepoFilter { Label = "benign" }, null, 9, Cancel)).Items.Count.ShouldBe(1);
        (await readModel.Queries.FlaggedAsync(new RepoFilter { Indicator = "program-started", Cluster = "text-generation" }, null, 99, Cancel)).Items.Count.ShouldBe(26);
        (await readModel.Queries.FlaggedAsync(new RepoFilter { Indicator = "mass-deletion" }, null, 99, Cancel)).Items.ShouldBeEmpty();
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
        var started = new RepoFilter { Indicator = "program-started" };

        (await WalkAsync(after => readModel.Queries.ReposAsync(new RepoFilter { Outcome = "analysed" }, after, 1, Cancel), Name)).ShouldBe(["evil/liked", "acme/good", "evil/bad"]);
        (await WalkAsync(after => readModel.Queries.ReposAsync(started, after, 1, Cancel), Name)).ShouldBe(["evil/liked", "evil/bad"]);
        (await WalkAsync(after => readModel.Queries.FlaggedAsync(started, after, 1, Cancel), repo => repo.Repo.Value)).ShouldBe(["evil/liked", "evil/bad"]);
        (await readModel.Queries.ReposAsync(started with { Outcome = "timed-out" }, null, 9, Cancel)).Items.ShouldBeEmpty();
        (await readModel.Queries.ReposAsync(started with { Outcome = "analysed", Q = "LIKED" }, null, 9, Cancel)).Items.ShouldHaveSingleItem();

        story.Tell(new RepoEvents.FactsChanged(RepoId.Parse("evil/bad"), new RepoFacts("text-generation", null, 500, 1, Start, false, null), Start));
        await story.ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.ReposAsync(started, null, 9, Cancel)).Items.Select(Name).ShouldBe(["evil/bad", "evil/liked"]);

        await story.Observed("evil/bad", revision: 2).ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.ReposAsync(started, null, 9, Cancel)).Items.Select(Name).ShouldBe(["evil/liked"]);
        (await readModel.Queries.ReposAsync(new RepoFilter { Outcome = "analysed" }, null, 9, Cancel)).Items.Select(Name).ShouldBe(["evil/liked", "acme/good"]);

        static string Name(RepoSummary repo) => repo.Repo.Value;
    }

    [Fact]
    public async Task Two_filters_leave_what_both_leave_in_the_same_order()
    {
        using var readModel = await MakeAsync();
        await ThreeRepos()
            .Repo("evil/liked", Loaded("liked", [Started]), Label.Malicious, likes: 99)
            .Repo("acme/evil-twin", Loaded("twin", [Started]), Label.Suspicious, likes: 7)
            .Repo("acme/late", ArtifactAnalysis.WithoutBytes(Outcome.TimedOut, "too slow"), Label.Unknown)
            .ApplyToAsync(readModel.Writer, Cancel);
        (string Member, Func<RepoFilter, RepoFilter> On)[] parts =
        [
            ("q", filter => filter with { Q = "evil" }),
            ("q", filter => filter with { Q = "l" }),
            ("label", filter => filter with { Label = "malicious" }),
            ("label", filter => filter with { Label = "unknown" }),
            ("cluster", filter => filter with { Cluster = "text-generation" }),
            ("outcome", filter => filter with { Outcome = "analysed" }),
            ("outcome", filter => filter with { Outcome = "timed-out" }),
            ("indicator", filter => filter with { Indicator = "program-started" }),
            ("state", filter => filter with { State = "new" }),
            ("payload", filter => filter with { Payload = "program-started: /usr/bin/id" }),
            ("author", filter => filter with { Author = "acme" }),
            ("score", filter => filter with { MinScore = 0.1 }),
            ("likes", filter => filter with { MinLikes = 5 }),
            ("since", filter => filter with { Since = $"{Start:o}" }),
        ];
        foreach (var one in parts)
        {
            var alone = await ReposAsync(one.On(new RepoFilter()));
            alone.Count.ShouldBeInRange(1, 6);
            foreach (var other in parts.Where(other => other.Member != one.Member))
            {
                var both = other.On(one.On(new RepoFilter()));
                (await ReposAsync(both)).ShouldBe(alone.Intersect(await ReposAsync(other.On(new RepoFilter()))), $"{both}");
            }
        }

        Task<IReadOnlyList<string>> ReposAsync(RepoFilter filter) => WalkAsync(after => readModel.Queries.ReposAsync(filter, after, 2, Cancel), repo => repo.Repo.Value);
    }

    [Fact]
    public async Task A_filter_that_only_a_flag_can_fit_leaves_all_others_out()
    {
        using var readModel = await MakeAsync();
        await ThreeRepos().Repo("evil/liked", Loaded("liked", [Started]), Label.Malicious, likes: 99).ApplyToAsync(readModel.Writer, Cancel);

        foreach (var filter in new[] { new RepoFilter { State = "new" }, new RepoFilter { Since = $"{Start:o}" }, new RepoFilter { Payload = "program-started: /usr/bin/id" } })
        {
            (await WalkAsync(after => readModel.Queries.ReposAsync(filter, after, 1, Cancel), repo => repo.Repo.Value)).ShouldBe(["evil/liked", "evil/bad"], $"{filter}");
        }
    }
}
