using System.Text.Json.Nodes;
using DynaHug.Coordinator.Reports;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tests;
using DynaHug.Shared.Verdicts;
using Json.Schema;

namespace DynaHug.Coordinator.Tests.Reports;

/// <summary>Scan records in the formats of other programs.</summary>
public sealed class ExchangeFormatSpecs
{
    private const string Hostile = "a b/../<script>\u202e/é#?.bin";

    private static readonly IReadOnlyList<ScanRecord> Records = MakeRecords();

    [Fact]
    public void A_bill_of_materials_is_valid_by_the_published_schema()
    {
        var bill = CycloneDx.Of(Records, DateTimeOffset.UnixEpoch);

        var result = BillSchema().Evaluate(JsonNode.Parse(bill.ToJsonString()), new EvaluationOptions { OutputFormat = OutputFormat.List });

        result.IsValid.ShouldBeTrue(string.Join('\n', result.Details.Where(detail => detail.HasErrors).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"))));
        bill["components"]!.AsArray().Count.ShouldBe(Records.Count);
        var flag = bill["vulnerabilities"]!.AsArray().ShouldHaveSingleItem()!;
        flag["affects"]![0]!["ref"]!.GetValue<string>().ShouldBe(bill["components"]![0]!["bom-ref"]!.GetValue<string>());
    }

    [Fact]
    public void A_repo_of_the_hub_has_a_package_url_and_a_file_has_none()
    {
        var components = CycloneDx.Of(Records, DateTimeOffset.UnixEpoch)["components"]!.AsArray();

        components[1]!["purl"]!.GetValue<string>().ShouldBe("pkg:huggingface/org/name@main");
        components[0]!.AsObject().ContainsKey("purl").ShouldBeFalse();
    }

    [Fact]
    public void A_log_has_a_result_for_each_sign_and_names_its_rule()
    {
        var run = Sarif.Of(Records)["runs"]![0]!;
        var rules = run["tool"]!["driver"]!["rules"]!.AsArray().Select(rule => rule!["id"]!.GetValue<string>()).ToList();
        var results = run["results"]!.AsArray();

        results.Select(result => (Rule: result!["ruleId"]!.GetValue<string>(), Level: result["level"]!.GetValue<string>()))
            .ShouldBe([("program-started", "error"), ("dangerous-call-written", "warning"), ("unusual-behaviour", "error")]);
        results.ShouldAllBe(result => rules.Contains(result!["ruleId"]!.GetValue<string>()));
        rules.ShouldBeUnique();
    }

    [Fact]
    public void A_log_tells_of_files_that_were_not_analysed()
    {
        var notification = Sarif.Of(Records)["runs"]![0]!["invocations"]![0]!["toolExecutionNotifications"]!.AsArray().ShouldHaveSingleItem()!;

        notification["descriptor"]!["id"]!.GetValue<string>().ShouldBe("gated");
        notification["message"]!["text"]!.GetValue<string>().ShouldContain("needs consent");
    }

    [Fact]
    public void A_hostile_name_stays_a_relative_address()
    {
        var address = Sarif.Of(Records)["runs"]![0]!["results"]![0]!["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]!.GetValue<string>();

        Uri.TryCreate(address, UriKind.Relative, out var relative).ShouldBeTrue();
        relative!.IsAbsoluteUri.ShouldBeFalse();
        address.ShouldNotContain('<');
        address.ShouldNotContain('#');
        address.ShouldNotContain('?');
    }

    private static ScanRecord[] MakeRecords()
    {
        var loaded = Story.Loaded("bad", [new Indicator("program-started", "/usr/bin/id")]);
        var analysis = loaded with { Static = (loaded.Static ?? throw new InvalidOperationException("a loaded file was read")) with { Findings = [new StaticFinding("dangerous-global", Severity.Dangerous, "posix.system(\"id\")")] } };
        var gated = ArtifactAnalysis.WithoutBytes(Outcome.Gated, "needs consent");
        return
        [
            ScanRecord.Of("models", Hostile, analysis, Story.Judged(analysis, Label.Malicious, "p1", "started a program: /usr/bin/id")),
            ScanRecord.Of("org/name@main", "b.bin", gated, Story.Judged(gated, Label.Unknown)),
        ];
    }

    private static JsonSchema BillSchema()
    {
        var folder = Path.Combine(Repository.Root, "tests", "Coordinator.Tests", "Reports", "Schemas");
        foreach (var part in new[] { "spdx", "jsf-0.82" })
        {
            SchemaRegistry.Global.Register(new Uri($"http://cyclonedx.org/schema/{part}.SNAPSHOT.schema.json"), JsonSchema.FromFile(Path.Combine(folder, $"{part}.schema.json")));
        }

        return JsonSchema.FromFile(Path.Combine(folder, "bom-1.6.schema.json"));
    }
}
