using DynaHug.Shared.Hub;
using DynaHug.Shared.Work;

namespace DynaHug.Shared.Tests.Hub;

public sealed class HubBudgetSpecs
{
    private readonly HandClock clock = new();
    private readonly HubBudgetState budget;

    public HubBudgetSpecs() => budget = new HubBudgetState(clock);

    [Fact]
    public void Nothing_is_limited_before_the_hub_has_said_so()
    {
        Enumerable.Range(0, 10_000).ShouldAllBe(_ => budget.Take("api", Lane.Bulk) == null);
        budget.Figures().ShouldHaveSingleItem().ShouldBe(new BudgetFigures("api", null, null, TimeSpan.Zero, 10_000, 0));
    }

    [Fact]
    public void A_window_is_never_overdrawn_and_starts_anew_when_it_ends()
    {
        budget.Note("api", 100, TimeSpan.FromSeconds(200), 1000);
        Drawn(Lane.Request).ShouldBe(100);
        budget.Take("api", Lane.Request).ShouldBe(TimeSpan.FromSeconds(201));
        budget.Take("resolvers", Lane.Bulk).ShouldBeNull();

        clock.Advance(TimeSpan.FromSeconds(200));
        Drawn(Lane.Request).ShouldBe(1000);
    }

    [Fact]
    public void The_last_part_of_a_window_is_kept_for_the_lanes_above()
    {
        budget.Note("api", 1000, TimeSpan.FromSeconds(300), 1000);
        Drawn(Lane.Bulk).ShouldBe(900);
        Drawn(Lane.Upload).ShouldBe(70);
        Drawn(Lane.Request).ShouldBe(30);
    }

    [Fact]
    public void An_answer_that_was_overtaken_gives_nothing_back()
    {
        budget.Note("api", 10, TimeSpan.FromSeconds(100), 1000);
        Drawn(Lane.Request).ShouldBe(10);
        budget.Note("api", 400, TimeSpan.FromSeconds(100), 1000);
        Drawn(Lane.Request).ShouldBe(0);
        clock.Advance(TimeSpan.FromSeconds(90));
        budget.Note("api", 999, TimeSpan.FromSeconds(300), 1000);
        Drawn(Lane.Request).ShouldBe(999);
    }

    [Fact]
    public void A_refusal_stops_everybody_for_as_long_as_the_hub_says_within_bounds()
    {
        budget.Note("resolvers", 0, TimeSpan.FromDays(1), null);
        budget.Take("resolvers", Lane.Request).ShouldBe(HubBudgetState.LongestWait + TimeSpan.FromSeconds(1));
        clock.Advance(HubBudgetState.LongestWait);
        budget.Take("resolvers", Lane.Bulk).ShouldBeNull();
    }

    [Fact]
    public void A_hub_that_names_ever_new_buckets_fills_no_memory()
    {
        for (var i = 0; i < 1000; i++)
        {
            budget.Note($"bucket-{i}", 1, TimeSpan.FromSeconds(1), 1);
        }

        budget.Figures().Count.ShouldBe(16);
    }

    private int Drawn(Lane lane)
    {
        var drawn = 0;
        while (budget.Take("api", lane) is null)
        {
            drawn++;
        }

        return drawn;
    }

    /// <summary>A clock that only a test moves.</summary>
    private sealed class HandClock : TimeProvider
    {
        private long ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Advance(TimeSpan time) => ticks += time.Ticks;
    }
}
