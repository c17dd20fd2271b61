using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tracing;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tracing;
using static DynaHug.Worker.Tests.Evidence.Runs;

namespace DynaHug.Worker.Tests.Evidence;

public sealed class TraceReaderSpecs
{
    [Fact]
    public void Counts_only_what_follows_the_start_marker_and_not_the_markers()
    {
        var summary = TraceReader.Summarise(Of(Call("read", 5), Call("openat"), Start, Call("read", 5), Call("read", 5), CallOf(9, "lseek"), End, Call("exit_group"), Exit));

        summary.Counts.ShouldBe(new Dictionary<int, long> { [0] = 2, [8] = 1, [231] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public void Typed_twins_are_evidence_and_not_counted() =>
        TraceReader.Summarise(With(Open("/model/file"), Call("openat"))).Counts.ShouldBe(new Dictionary<int, long> { [257] = 1 });

    [Fact]
    public void A_complete_finished_load_is_analysed()
    {
        var summary = TraceReader.Summarise(With(Call("read", 5)));

        (summary.Outcome, summary.Reason, summary.Complete, summary.Indicators.Count).ShouldBe((Outcome.Analysed, "", true, 0));
    }

    [Fact]
    public void Dropped_events_are_never_analysed()
    {
        var summary = TraceReader.Summarise(With(Call("read", 5)) with { Dropped = 3 });

        summary.Outcome.ShouldBe(Outcome.Error);
        summary.Complete.ShouldBeFalse();
        summary.Reason.ShouldContain("3 events were dropped");
    }

    [Fact]
    public void A_trace_without_the_last_exit_is_an_error() =>
        TraceReader.Summarise(Of(Start, End)).Outcome.ShouldBe(Outcome.Error);

    [Fact]
    public void A_child_that_never_ended_leaves_the_trace_incomplete() =>
        TraceReader.Summarise(With(Fork(7))).Complete.ShouldBeFalse();

    [Fact]
    public void A_stream_that_we_closed_is_incomplete() =>
        TraceReader.Summarise(With() with { EndOfStream = false }).Outcome.ShouldBe(Outcome.Error);

    [Fact]
    public void Without_a_start_marker_nothing_is_evidence()
    {
        var summary = TraceReader.Summarise(Of(Exec(LoaderProcess, "/bin/sh"), Open("/home/emma/.ssh/id_rsa"), Exit));

        summary.Outcome.ShouldBe(Outcome.Error);
        summary.Indicators.ShouldBeEmpty();
        summary.Counts.ShouldBeEmpty();
    }

    [Fact]
    public void What_happens_before_the_start_marker_is_no_evidence() =>
        Ids(Of(Exec(LoaderProcess, "/bin/sh", "-c", "id"), Connect("10.0.0.1", 80), Start, End, Exit)).ShouldBeEmpty();

    [Fact]
    public void A_raised_error_fails_the_load_without_an_indicator()
    {
        var summary = TraceReader.Summarise(Reporting("""{"outcome":"raised","error":{"type":"FileNotFoundError","message":"no such file"}}"""));

        summary.Outcome.ShouldBe(Outcome.LoadFailed);
        summary.Reason.ShouldBe("FileNotFoundError: no such file");
        summary.Indicators.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("corrupt", Outcome.Corrupt)]
    [InlineData("unsupported", Outcome.Unsupported)]
    public void The_loader_says_what_it_could_not_read(string said, Outcome expected)
    {
        var summary = TraceReader.Summarise(Reporting($$$"""{"outcome":"{{{said}}}","error":{"type":"","message":"because"}}"""));

        (summary.Outcome, summary.Reason).ShouldBe((expected, "because"));
        summary.Indicators.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(RunEnd.TimedOut, Outcome.TimedOut, "load-hung")]
    [InlineData(RunEnd.EventBudget, Outcome.LoadFailed, "tracer-flooded")]
    [InlineData(RunEnd.OutputBudget, Outcome.LoadFailed, "tracer-flooded")]
    public void A_limit_that_ended_the_run_is_an_outcome_and_an_indicator(RunEnd end, Outcome expected, string indicator)
    {
        var run = Of(Start, Call("read", 5)) with { End = end, ExitCode = null, EndOfStream = false, LoaderReport = null };

        TraceReader.Summarise(run).Outcome.ShouldBe(expected);
        Ids(run).ShouldBe([indicator]);
    }

    [Fact]
    public void Running_out_of_memory_fails_the_load_and_speaks_for_nothing()
    {
        var run = Of(Start) with { End = RunEnd.OutOfMemory, ExitCode = null, EndOfStream = false, LoaderReport = null };

        TraceReader.Summarise(run).Outcome.ShouldBe(Outcome.LoadFailed);
        Ids(run).ShouldBeEmpty();
    }

    [Fact]
    public void The_process_tree_has_parents_and_commands()
    {
        var summary = TraceReader.Summarise(With(Fork(3), Exec(3, "/bin/sh", "-c", "id"), Fork(4, parent: 3), Ended(4, 4), Ended(3, 3)));

        summary.Processes.ShouldBe([new TracedProcess(1, 0, ""), new TracedProcess(3, 1, "/bin/sh -c id"), new TracedProcess(4, 3, "")]);
    }

    [Fact]
    public void Indicators_come_in_order_of_first_sight_without_repetition()
    {
        var summary = TraceReader.Summarise(With(Connect("10.0.0.1", 80), Open("/home/emma/.ssh/id_rsa"), Connect("10.0.0.1", 80)));

        summary.Indicators.Select(indicator => indicator.Id).ShouldBe(["network-attempt", "secret-read"]);
    }

    [Fact]
    public void Indicators_are_bounded_for_each_kind() =>
        TraceReader.Summarise(With([.. Enumerable.Range(0, 500).Select(port => Connect("10.0.0.1", port))])).Indicators.Count.ShouldBe(16);

    [Fact]
    public void Any_events_in_any_order_make_a_summary_and_the_same_one_twice()
    {
        var random = new Random(20261124);
        for (var round = 0; round < 300; round++)
        {
            var run = RandomRun(random);

            var first = TraceReader.Summarise(run);
            var second = TraceReader.Summarise(run);

            first.Indicators.ShouldBe(second.Indicators);
            first.Counts.ShouldBe(second.Counts);
            (first.Outcome != Outcome.Analysed || first.Complete).ShouldBeTrue();
        }
    }

    private static RunRecord RandomRun(Random random)
    {
        string[] texts = ["", "/", "/proc/self/root", "../../..", "/home/emma/.ssh/id_rsa", "\ud800", "\0", new('a', 5000), "/tmp/x.pth", "//etc//passwd"];
        var events = Enumerable.Range(0, random.Next(60)).Select(_ => new TraceEvent(
            (TracePoint)random.Next(-1, 14),
            random.Next(-1, 4),
            random.Next(-1, 4),
            random.Next(-5, 450),
            [.. Enumerable.Range(0, random.Next(7)).Select(_ => random.Next(3) == 0 ? (ulong)random.NextInt64() : (ulong)random.Next(40))],
            texts[random.Next(texts.Length)],
            random.Next(2) == 0 ? null : [.. Enumerable.Range(0, random.Next(3)).Select(_ => texts[random.Next(texts.Length)])],
            AddressFamily: random.Next(-1, 18),
            Created: random.Next(5),
            CreatedProcess: random.Next(5),
            Status: random.Next())).ToList();
        events.Insert(random.Next(events.Count + 1), Start);
        string?[] reports = [null, "", "{", "[]", "{}", LoadedReport, """{"outcome":1,"calls":{}}""", """{"outcome":"loaded","calls":[1,{"callable":[]}],"alive":[],"cpu":"x","bytes":1e400}"""];
        return Of([.. events]) with
        {
            LoaderReport = reports[random.Next(reports.Length)],
            Dropped = random.Next(3) == 0 ? 1 : 0,
            ExitCode = random.Next(2) == 0 ? null : random.Next(256),
            End = (RunEnd)random.Next(5),
            EndOfStream = random.Next(2) == 0,
        };
    }
}
