using System.Text.Json;
using System.Text.Json.Nodes;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Reports;
using DynaHug.Coordinator.Tests.Dashboard;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Tests.Reports;

/// <summary>Pins the published records by golden files. Set <c>DYNAHUG_UPDATE_GOLDEN=1</c> to write those that are missing; existing ones never change.</summary>
public sealed class ReportSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Folder => Path.Combine(Root(), "tests", "Coordinator.Tests", "Reports", "Golden");

    [Fact]
    public void A_scan_record_is_as_its_golden_file_says()
    {
        var analysis = Story.Loaded("bad", [new Indicator("program-started", "/usr/bin/id")]);
        var flagged = ScanRecord.Of("models", "models/a.bin", analysis, Story.Judged(analysis, Label.Malicious, "p1", "started a program: /usr/bin/id"), "env-2");
        var gated = ArtifactAnalysis.WithoutBytes(Outcome.Gated, "needs consent");
        var unknown = ScanRecord.Of("org/name", "b.bin", gated, Story.Judged(gated, Label.Unknown), "env-2");

        JsonShouldBe("scan.json", JsonSerializer.Serialize(new[] { flagged, unknown }, Shared.Wire.Json.Indented));
    }

    [Fact]
    public async Task A_report_is_as_its_golden_file_says_and_both_files_hold_it()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        await Hostile.AndTwoOthers()
            .Tell(new ProfileEvents.ProfileFitted(new ProfileDescription(Story.Hash("p1"), "text-generation", "env-1", "one-class-svm", 84, 0.0125, 0.97), 1, Story.Start))
            .Tell(new ProfileEvents.ProfileActivated("text-generation", "env-1", 1, Story.Hash("p1"), Story.Start))
            .ApplyToAsync(readModel.Writer, Cancel);
        var reporter = ReporterOf(readModel);
        var folder = Path.Combine(readModel.Folder, "reports");

        var report = await reporter.WriteAsync(folder, new Uri("http://user:secret@127.0.0.1:8000/?token=x"), Cancel);
        await reporter.WriteAsync(folder, new Uri("http://127.0.0.1:8000/"), Cancel);

        report.ExitCode().ShouldBe(1);
        report.Hub.ShouldNotContain("secret");
        report.Flagged.Select(entry => entry.Repo).ShouldBe(["evil/bad", "mal/xss"]);
        var json = await File.ReadAllTextAsync(Path.Combine(folder, "report.json"), Cancel);
        JsonShouldBe("report.json", json);
        var html = await File.ReadAllTextAsync(Path.Combine(folder, "report.html"), Cancel);
        html.ShouldStartWith("<!DOCTYPE html>");
        html.ShouldContain("evil/bad");
        html.ShouldNotContain("<script");
        html.ShouldNotContain("<img");
        html.ShouldNotContain("http-equiv=\"refresh\"");
        Directory.GetFiles(folder).Length.ShouldBe(2, "nothing half-written is left");
    }

    [Fact]
    public async Task A_hub_with_nothing_flagged_ends_with_code_0()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        var report = await ReporterOf(readModel)
            .WriteAsync(Path.Combine(readModel.Folder, "reports"), new Uri("http://127.0.0.1:8000/"), Cancel);
        report.ExitCode().ShouldBe(0);
        report.Coverage.Values.Sum().ShouldBe(0);
    }

    [Theory]
    [InlineData("scan.json", "scan-record.schema.json")]
    [InlineData("report.json", "hub-report.schema.json")]
    public async Task The_published_schema_names_every_field_of_the_record(string golden, string schema)
    {
        var record = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, golden), Cancel))!;
        var published = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "schema", schema), Cancel))!.AsObject();
        var fields = (record is JsonArray records ? records[0]! : record).AsObject().Select(field => field.Key).ToList();

        published["properties"]!.AsObject().Select(property => property.Key).ShouldBe(fields, ignoreOrder: true);
        published["required"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(fields, ignoreOrder: true);
    }

    private static HubReporter ReporterOf(TemporaryReadModel readModel) => new(
        readModel.Queries,
        new FixedClock(),
        new ReportWriter(new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance),
        new ReportArchive(new NodeOptions { DataFolder = readModel.Folder }));

    private static void JsonShouldBe(string golden, string actual)
    {
        var file = Path.Combine(Folder, golden);
        if (!File.Exists(file) && System.Environment.GetEnvironmentVariable("DYNAHUG_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(file, actual.TrimEnd() + "\n");
        }

        JsonNode.DeepEquals(JsonNode.Parse(actual), JsonNode.Parse(File.ReadAllText(file))).ShouldBeTrue($"{golden} pins:\n{actual}");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DynaHug.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside the repository; no DynaHug.sln above them");
        }

        return folder.FullName;
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Story.Start.AddHours(1);
    }
}
