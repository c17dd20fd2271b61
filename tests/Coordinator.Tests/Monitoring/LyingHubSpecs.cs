using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Tests.Monitoring;

/// <summary>What becomes of repos when their hub fails, lies or changes: nothing is lost, nothing is done twice, and nothing that did not arrive as it was named is clean.</summary>
public sealed class LyingHubSpecs(LyingHub hub) : IClassFixture<LyingHub>
{
    [Theory]
    [InlineData("honest")]
    [InlineData("slow")]
    [InlineData("cut")]
    [InlineData("stalls")]
    [InlineData("busy")]
    [InlineData("breaks")]
    [InlineData("found")]
    public void What_arrives_in_the_end_is_analysed_and_fetched_once(string repo)
    {
        var details = hub.Repos[$"lies/{repo}"];

        (details.Summary.Label, details.Files.Single().Verdict!.Outcome).ShouldBe((Label.Benign, Outcome.NothingToExecute));
        details.Files.Single().Artifact!.Hex.ShouldBe(LyingHub.HashOf(repo));
        details.History.Count.ShouldBe(1);
        AnswersOf($"/blob/{LyingHub.HashOf(repo)}").ShouldBe(repo switch { "cut" => 3, "stalls" => 2, _ => 1 });
    }

    [Theory]
    [InlineData("gated", Outcome.Gated)]
    [InlineData("size", Outcome.Corrupt)]
    [InlineData("hash", Outcome.Corrupt)]
    [InlineData("bytes", Outcome.Corrupt)]
    [InlineData("private", Outcome.Error)]
    [InlineData("disabled", Outcome.Error)]
    public void What_does_not_arrive_as_it_was_named_is_unknown_with_its_reason(string repo, Outcome outcome)
    {
        var details = hub.Repos[$"lies/{repo}"];

        details.Summary.Label.ShouldBe(Label.Unknown);
        var verdict = details.Files.Single().Verdict!;
        (verdict.Outcome, verdict.Reason.Length > 0).ShouldBe((outcome, true));
        details.Files.Single().Artifact.ShouldBeNull();
    }

    [Theory]
    [InlineData("private", "gone")]
    [InlineData("moved", "renamed")]
    [InlineData("found", "public")]
    public void Whether_a_repo_can_be_had_is_kept_beside_its_verdict(string repo, string availability) =>
        hub.Repos[$"lies/{repo}"].Summary.Availability.ShouldBe(availability);

    [Fact]
    public void A_file_that_changes_between_its_listing_and_its_fetch_is_judged_as_what_it_became()
    {
        var details = hub.Repos["lies/changes"];

        details.Summary.Label.ShouldBe(Label.Benign);
        details.Files.Single().Artifact!.Hex.ShouldBe(LyingHub.HashOf("changed"));
        details.History.Where(past => past.Revision != details.Summary.Revision).ShouldAllBe(past => past.Label == Label.Benign, "the hub still has what the first revision held");
    }

    [Fact]
    public void The_overview_says_how_much_is_listed_and_what_the_hub_still_allows()
    {
        hub.Overview.ShouldMatch(@"Hub: \d+ repos listed");
        hub.Overview.ShouldMatch(@"api: [\d,]+ of 100,000 requests left, anew in \d+ s");
        hub.Overview.ShouldMatch(@"resolvers: [\d,]+ of 500,000 requests left");
    }

    private int AnswersOf(string target) => hub.Requests.Count(request => request.Target.StartsWith(target, StringComparison.Ordinal));
}
