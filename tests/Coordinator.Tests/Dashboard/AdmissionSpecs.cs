using System.Net;
using System.Text.Json;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;

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
    [InlineData("old/pinned@0123456789012345678901234567890123456789", "unknown", "older than the watch over this repo, or newer")]
    [InlineData("old/pinned@v1.0", "unknown", "no commit")]
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
