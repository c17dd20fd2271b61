using DynaHug.Worker.Evidence;

namespace DynaHug.Worker.Tests.Evidence;

public sealed class LoaderReportSpecs
{
    private const string Full = """
        DYNAHUG-REPORT ab {"outcome":"raised","error":{"type":"ValueError","message":"bad"},"loaders":[{"loader":"torch.load","member":"x","outcome":"raised","error":{"type":"ValueError","message":"bad"}}],
        "missing":["a.B"],"calls":[{"callable":"a.B","arguments":"1"}],"delays":["time.sleep(60)"],"alive":{"threads":2,"children":0,"timers":1},"audit":[{"event":"os.remove","arguments":"'/x'"}],"bytes":12,"cpu":0.5,"memory":1000}
        """;

    [Fact]
    public void Reads_a_whole_report()
    {
        var report = LoaderReport.Parse(Full).ShouldNotBeNull();

        (report.Outcome, report.ErrorType, report.Error, report.Alive).ShouldBe(("raised", "ValueError", "ValueError: bad", "threads: 2, timers: 1"));
        report.Attempts.ShouldHaveSingleItem().ShouldBe(new LoaderAttempt("torch.load", "x", "raised", "ValueError: bad"));
        report.Calls.ShouldHaveSingleItem().ShouldBe(new RecordedCall("a.B", "1"));
        report.Audit.ShouldHaveSingleItem().ShouldBe(new RecordedCall("os.remove", "'/x'"));
        (report.Missing[0], report.Delays[0], report.Bytes, report.ProcessorSeconds, report.PeakMemoryKilobytes).ShouldBe(("a.B", "time.sleep(60)", 12, 0.5, 1000));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"outcome":"fine"}""")]
    [InlineData("""{"outcome":["loaded"]}""")]
    public void What_is_no_report_reads_as_none(string? line) => LoaderReport.Parse(line).ShouldBeNull();

    [Fact]
    public void Every_truncation_reads_as_none_without_throwing()
    {
        var text = Full.Trim();
        for (var length = 0; length < text.Length; length++)
        {
            LoaderReport.Parse(text[..length]).ShouldBeNull();
        }
    }

    [Fact]
    public void Fields_of_the_wrong_type_read_as_absent()
    {
        var report = LoaderReport.Parse("""{"outcome":"loaded","calls":"x","missing":[1,null,{}],"alive":7,"cpu":"fast","bytes":-5,"error":[]}""").ShouldNotBeNull();

        (report.Calls.Count, report.Alive, report.ProcessorSeconds, report.Bytes, report.Error).ShouldBe((0, "", 0d, 0L, ""));
    }

    [Fact]
    public void Deep_nesting_and_lone_surrogates_are_no_reports()
    {
        LoaderReport.Parse("""{"outcome":"loaded","x":""" + new string('[', 5000)).ShouldBeNull();
        LoaderReport.Parse("""{"outcome":"loaded","missing":["\ud800"]}""").ShouldBeNull();
    }

    [Fact]
    public void Control_characters_are_made_printable() =>
        LoaderReport.Parse("""{"outcome":"loaded","missing":["\u001b[31m"]}""")!.Missing[0].ShouldBe("\\u001b[31m");
}
