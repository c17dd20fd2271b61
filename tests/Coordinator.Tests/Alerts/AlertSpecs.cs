using DynaHug.Coordinator.Alerts;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Tests.Alerts;

public sealed class AlertSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_budget_goes_to_evidence_first_and_says_how_many_are_expected_to_be_true()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        var story = new Story()
            .Repo("a/outlier", Story.BenignLoad("outlier"), Label.Suspicious, "p1", likes: 9000)
            .Repo("b/fork", Story.Loaded("fork", [new Indicator("process-forked", "1")]), Label.Suspicious, "p1")
            .Repo("c/shell", Story.Loaded("shell", [new Indicator("shell-started", "sh")]), Label.Malicious, "p1")
            .Repo("d/shell-and-net", Story.Loaded("both", [new Indicator("shell-started", "sh"), new Indicator("network-attempt", "127.0.0.1:1")]), Label.Malicious, "p1")
            .Repo("e/good", Story.BenignLoad("good"), Label.Benign, "p1");
        await story.ApplyToAsync(readModel.Writer, Cancel);
        var desk = new AlertDesk(readModel.Queries, new AlertOptions { ADay = 3, BaseRate = 0.1 }, new Fixed(Story.Start.AddHours(2)));

        var today = await desk.TodayAsync(null, Cancel);

        today.Alerts.Select(alert => (alert.Rank, alert.Repo.Repo.Value)).ShouldBe([(1, "d/shell-and-net"), (2, "c/shell"), (3, "b/fork")]);
        (today.New, today.Flagged, today.Budget, today.Expected).ShouldBe((5, 4, 3, 0.5));
        today.ExpectedPrecision!.Value.ShouldBe(0.5 / 3, 1e-12);
        today.Alerts[0].Why.ShouldStartWith("2 conclusive indicators; farther out than");
        (await desk.TodayAsync(10, Cancel)).Alerts[^1].Why.ShouldStartWith("no indicator");
        var later = await new AlertDesk(readModel.Queries, new AlertOptions(), new Fixed(Story.Start.AddDays(3))).TodayAsync(null, Cancel);
        (later.Alerts.Count, later.ExpectedPrecision).ShouldBe((0, null));
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(0.5, 20, 0.025)]
    [InlineData(30, 20, 1.0)]
    public void More_alerts_than_the_base_rate_gives_are_false(double expected, int shown, double? precision) =>
        AlertOrder.ExpectedPrecision(expected, shown).ShouldBe(precision);

    private sealed class Fixed(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
