using System.Net;
using System.Text.Json;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Work;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>What a registry gets that asks whether it may admit a revision.</summary>
public sealed class AdmissionSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("evil/bad", "deny")]
    [InlineData("acme/good", "allow")]
    [InlineData("acme/good@main", "allow")]
    [InlineData("acme/good?denyFrom=malicious", "allow")]
    [InlineData("big/one", "unknown")]
    [InlineData("acme/good@0123456789012345678901234567890123456789", "unknown")]
    [InlineData("never/seen@main", "unknown")]
    public async Task Answers_allow_deny_or_unknown_with_a_reason(string subject, string decision)
    {
        await using var dashboard = await StartAsync();

        using var answer = JsonDocument.Parse(await dashboard.Client.GetStringAsync($"/api/v1/verdicts/{subject}", Cancel));

        answer.RootElement.GetProperty("decision").GetString().ShouldBe(decision);
        answer.RootElement.GetProperty("reason").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("old/pinned@{former}", "deny", "started a program")]
    [InlineData("old/pinned@{current}", "allow", "")]
    [InlineData("old/pinned", "allow", "")]
    [InlineData("old/pinned@0123456789012345678901234567890123456789", "unknown", "not the current one while this repo was watched")]
    [InlineData("old/pinned@v1.0", "unknown", "no commit")]
    [InlineData("old/pinned@v1.0?queue=true", "unknown", "the hub could not be asked")]
    public async Task A_former_revision_is_answered_by_its_own_verdict_however_long_ago(string subject, string decision, string reason)
    {
        var bad = Story.Loaded("pinned", [new Indicator("program-started", "/usr/bin/id")]);
        var story = new Story().Repo("old/pinned", bad, Label.Malicious, "p1", reason: "started a program: /usr/bin/id").Observed("old/pinned", revision: 2);
        for (var again = 0; again < 120; again++)
        {
            story.Verdict("old/pinned", Label.Benign, [], [new JudgedFile("a.bin", 1, null, Story.Judged(Story.BenignLoad("new"), Label.Benign, "p1"))], revision: 2);
        }

        await using var dashboard = await RunningDashboard.StartAsync(story, Cancel);
        var address = subject.Replace("{former}", Story.CommitOf("old/pinned"), StringComparison.Ordinal).Replace("{current}", Story.CommitOf("old/pinned", 2), StringComparison.Ordinal);
        using var answer = JsonDocument.Parse(await dashboard.Client.GetStringAsync($"/api/v1/verdicts/{address}", Cancel));

        answer.RootElement.GetProperty("decision").GetString().ShouldBe(decision);
        answer.RootElement.GetProperty("reason").GetString()!.ShouldContain(reason);
    }

    [Fact]
    public async Task A_pinned_revision_is_answered_by_its_own_verdict_and_names_the_profile_that_scored_it()
    {
        var repo = Shared.Hub.RepoId.Parse("acme/good");
        var commit = Story.CommitOf("acme/good", 2);
        var story = Hostile.AndTwoOthers().Tell(new RepoEvents.RevisionPinned(repo, commit, Lane.Request, Story.Start.AddDays(1)));
        await using var dashboard = await RunningDashboard.StartAsync(story, Cancel);
        (await AnswerAsync()).Reason.ShouldBe("this revision was asked for and has no verdict yet");
        var verdict = Story.Judged(Story.BenignLoad("old"), Label.Benign, "p7");

        await dashboard.TellAsync(story.Verdict("acme/good", Label.Benign, ["old.bin: behaves well"], [new JudgedFile("old.bin", 1, null, verdict)], revision: 2), Cancel);

        var answer = await AnswerAsync();
        (answer.Decision, answer.Revision, answer.Profiles).ShouldBe(("allow", commit, "p7"));

        async Task<(string? Decision, string? Reason, string? Revision, string? Profiles)> AnswerAsync()
        {
            using var json = JsonDocument.Parse(await dashboard.Client.GetStringAsync($"/api/v1/verdicts/acme/good@{commit}", Cancel));
            var root = json.RootElement;
            var profiles = root.TryGetProperty("profiles", out var named) && named.ValueKind == JsonValueKind.Array ? named[0].GetString() : null;
            return (root.GetProperty("decision").GetString(), root.GetProperty("reason").GetString(), root.GetProperty("revision").GetString(), profiles);
        }
    }

    [Theory]
    [InlineData("no name at all!")]
    [InlineData("acme/good@")]
    [InlineData("acme/good?denyFrom=benign")]
    [InlineData("../../etc/passwd")]
    public async Task A_wrong_question_is_told_so(string subject)
    {
        await using var dashboard = await StartAsync();

        var answer = await dashboard.Client.GetAsync($"/api/v1/verdicts/{subject}", Cancel);

        ((int)answer.StatusCode).ShouldBeInRange(400, 404);
    }

    [Fact]
    public async Task An_unchanged_answer_is_not_sent_again()
    {
        await using var dashboard = await StartAsync();
        var first = await dashboard.Client.GetAsync("/api/v1/verdicts/evil/bad", Cancel);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/verdicts/evil/bad");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        (await dashboard.Client.SendAsync(again, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    private static Task<RunningDashboard> StartAsync() => RunningDashboard.StartAsync(
        Hostile.AndTwoOthers().Repo("big/one", ArtifactAnalysis.WithoutBytes(Outcome.TooLarge, "24 GB are over the limit"), Label.Unknown, reason: "not analysed to the end"), Cancel);
}
