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
