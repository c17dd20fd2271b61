using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Reports;
using DynaHug.Coordinator.Tests.Dashboard;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Reviews;
using DynaHug.Shared.Tests;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using Json.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Parquet.Serialization;

namespace DynaHug.Coordinator.Tests.Reports;

/// <summary>One record of a hub, and what is made of it.</summary>
public sealed class ReportFormatSpecs
{
    private static readonly Uri Hub = new("http://127.0.0.1:8000/");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_record_is_valid_by_the_published_schema_also_with_changes_and_confirmations()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        var reports = new Made(readModel);
        var story = Story();
        await story.ApplyToAsync(readModel.Writer, Cancel);
        await reports.KeepAsync();
        story.Repo("fresh/attack", ReadModel.Story.Loaded("fresh", [new Indicator("network-attempt", "127.0.0.1:4444")]), Label.Malicious, "p1");
        story.Tell(Said("evil/bad", Judgement.Confirmed));
        story.Observed("mal/xss", revision: 2);
        await story.ApplyToAsync(readModel.Writer, Cancel);

        var report = await reports.KeepAsync();

        var record = JsonNode.Parse(await reports.WriteAsync(report, ReportFormat.Json));
        var schema = JsonSchema.FromText(PublishedSchemas.Find("hub-report")!);
        schema.Evaluate(record).IsValid.ShouldBeTrue();
        report.Changes!.New.ShouldHaveSingleItem().Repo.ShouldBe("fresh/attack");
        report.Changes.Changed.ShouldHaveSingleItem().Is.Case.ShouldBe("confirmed");
        report.Changes.Withdrawn.ShouldHaveSingleItem().Repo.ShouldBe("mal/xss");
        reports.Archive.Ids().Count.ShouldBe(2);
        (await reports.Archive.NewestAsync(Cancel))!.Flagged.Count.ShouldBe(report.Flagged.Count);
    }

    [Fact]
    public async Task Every_format_is_made_and_hostile_text_harms_none()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        await Story().ApplyToAsync(readModel.Writer, Cancel);
        var reports = new Made(readModel);
        var report = await reports.KeepAsync();

        foreach (var format in Enum.GetValues<ReportFormat>())
        {
            var once = await reports.WriteAsync(report, format);
            once.Length.ShouldBeGreaterThan(0, $"{format}");
            (await reports.WriteAsync(report, format)).ShouldBe(once, $"{format}: the same record gives the same bytes");
            File.Exists(Path.Combine(readModel.Folder, "reports", ReportWriter.FileNameOf(format))).ShouldBeTrue($"{format}");
        }

        var feed = XDocument.Parse(Encoding.UTF8.GetString(await reports.WriteAsync(report, ReportFormat.Atom)));
        XNamespace atom = "http://www.w3.org/2005/Atom";
        feed.Root!.Elements(atom + "entry").Count().ShouldBe(2);
        feed.Descendants().ShouldAllBe(element => element.Name.LocalName != "script");
    }

    [Fact]
    public async Task Rows_of_csv_and_parquet_say_the_same_and_start_no_formula()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        await new Story()
            .Repo("evil/bad", ReadModel.Story.Loaded("bad", [new Indicator("shell-started", "=cmd|'/c calc'!A0")]), Label.Malicious, "p1", reason: "=HYPERLINK(\"http://x\")", path: "=1+1.bin")
            .ApplyToAsync(readModel.Writer, Cancel);
        var reports = new Made(readModel);
        var report = await reports.KeepAsync();

        var lines = Encoding.UTF8.GetString(await reports.WriteAsync(report, ReportFormat.Csv)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines[1].ShouldStartWith("evil/bad,");
        lines[1].ShouldContain(",'=1+1.bin,");
        lines[1].ShouldContain("\"'=HYPERLINK(\"\"http://x\"\")\"");
        using var table = new MemoryStream(await reports.WriteAsync(report, ReportFormat.Parquet));
        var row = (await ParquetSerializer.DeserializeAsync<ParquetReport.Row>(table, cancellationToken: Cancel)).Data.ShouldHaveSingleItem();
        (row.Repo, row.Label, row.Score, row.FlaggedAt!.Value.ToUniversalTime()).ShouldBe(("evil/bad", "malicious", 1, report.Flagged[0].FlaggedAt!.Value.UtcDateTime));
    }

    [Fact]
    public async Task Osv_tells_of_confirmed_revisions_only_and_of_those_that_were_withdrawn()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        var story = Story().Tell(Said("evil/bad", Judgement.Confirmed));
        await story.ApplyToAsync(readModel.Writer, Cancel);
        var reports = new Made(readModel);

        var first = JsonNode.Parse(await reports.WriteAsync(await reports.KeepAsync(), ReportFormat.Osv))!.AsArray().ShouldHaveSingleItem()!;
        await story.Tell(Said("evil/bad", Judgement.FalseAlarm)).ApplyToAsync(readModel.Writer, Cancel);
        var then = JsonNode.Parse(await reports.WriteAsync(await reports.KeepAsync(), ReportFormat.Osv))!.AsArray().ShouldHaveSingleItem()!;

        first["details"]!.GetValue<string>().ShouldNotContain("\\u000a", Case.Sensitive, "lines are lines");
        then["id"]!.GetValue<string>().ShouldBe(first["id"]!.GetValue<string>());
        first["withdrawn"].ShouldBeNull();
        then["withdrawn"].ShouldNotBeNull();
        var range = first["affected"]![0]!["ranges"]![0]!;
        range["type"]!.GetValue<string>().ShouldBe("GIT");
        range["events"]![0]!["introduced"]!.GetValue<string>().ShouldBe(ReadModel.Story.CommitOf("evil/bad"));
        first["affected"]![0]!["database_specific"]!["sha256"]![0]!.GetValue<string>().ShouldBe(ReadModel.Story.Hash("bad").Hex);
    }

    [Fact]
    public async Task A_stix_bundle_holds_together()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        await Story().ApplyToAsync(readModel.Writer, Cancel);
        var reports = new Made(readModel);

        var objects = JsonNode.Parse(await reports.WriteAsync(await reports.KeepAsync(), ReportFormat.Stix))!["objects"]!.AsArray();

        var ids = objects.Select(node => node!["id"]!.GetValue<string>()).ToList();
        ids.ShouldBeUnique();
        ids.ShouldAllBe(id => System.Text.RegularExpressions.Regex.IsMatch(id, "^[a-z-]+--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
        var analyses = objects.Where(node => node!["type"]!.GetValue<string>() == "malware-analysis").ToList();
        analyses.Count.ShouldBe(2);
        analyses.ShouldAllBe(node => ids.Contains(node!["sample_ref"]!.GetValue<string>()) && ids.Contains(node["created_by_ref"]!.GetValue<string>()));
        analyses.ShouldAllBe(node => node!["product"]!.GetValue<string>() == "dynahug" && node["result"]!.GetValue<string>() == "malicious");
    }

    [Fact]
    public void A_named_uuid_is_that_of_the_standard() =>
        NamedUuid.Of(Guid.Parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com").ShouldBe(Guid.Parse("2ed6657d-e927-568b-95e1-2665a8aea6a2"), "RFC 9562, appendix A.4");

    [Fact]
    public void A_log_is_valid_by_the_schema_of_sarif()
    {
        var analysis = ReadModel.Story.Loaded("bad", [new Indicator("program-started", "/usr/bin/id")]);
        var log = Sarif.Of([ScanRecord.Of("models", "a b/é.bin", analysis, ReadModel.Story.Judged(analysis, Label.Malicious, "p1", "started a program"))]);
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Coordinator.Tests", "Reports", "Schemas", "sarif-2.1.0.schema.json")))!.AsObject();
        // The published file is of a draft that the validator does not know by name; its keywords are the same.
        schema.Remove("$schema");
        schema.Remove("id");

        var result = JsonSchema.FromText(schema.ToJsonString()).Evaluate(JsonNode.Parse(log.ToJsonString()), new EvaluationOptions { OutputFormat = OutputFormat.List });

        result.IsValid.ShouldBeTrue(string.Join('\n', result.Details.Where(detail => detail.HasErrors).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"))));
    }

    [Fact]
    public void Formats_have_the_names_by_which_addresses_and_documents_call_them() =>
        Enum.GetValues<ReportFormat>().Select(format => format.Name()).ShouldBe(["json", "html", "csv", "parquet", "stix", "osv", "atom", "cyclonedx"]);

    [Fact]
    public async Task A_file_that_is_no_report_is_told_so()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"schemaVersion":99}""", Cancel);

        await Should.ThrowAsync<UsageException>(() => ReportArchive.ReadFileAsync(file, Cancel));

        File.Delete(file);
    }

    private static Story Story() => Hostile.AndTwoOthers();

    private static ReviewEvents.Judged Said(string repo, Judgement judgement) =>
        new(RepoId.Parse(repo), ReadModel.Story.CommitOf(repo), judgement, "", "ann", ReadModel.Story.Start.AddHours(judgement == Judgement.Confirmed ? 1 : 2));

    /// <summary>Reports of a read model, each a minute after the last.</summary>
    private sealed class Made
    {
        private readonly string folder;
        private readonly HubReporter reporter;
        private readonly ReportWriter writer = new(new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance);

        public Made(TemporaryReadModel readModel)
        {
            folder = Path.Combine(readModel.Folder, "reports");
            Archive = new ReportArchive(new NodeOptions { DataFolder = readModel.Folder });
            reporter = new HubReporter(readModel.Queries, new Minutes(), writer, Archive);
        }

        public ReportArchive Archive { get; }

        public Task<HubReport> KeepAsync() => reporter.KeepAsync(folder, Hub, Cancel);

        public Task<byte[]> WriteAsync(HubReport report, ReportFormat format) => writer.WriteAsync(report, format, Cancel);
    }

    private sealed class Minutes : TimeProvider
    {
        private int asked;

        public override DateTimeOffset GetUtcNow() => ReadModel.Story.Start.AddMinutes(++asked);
    }
}
