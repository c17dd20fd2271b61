using System.Text.Json.Nodes;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Reports;

/// <summary>
/// Scan records as a SARIF 2.1.0 log (OASIS), which code hosts show beside the files: a result for each indicator, dangerous static finding
/// and unusual behaviour of a flagged file, and a notification for each file that was not analysed.
/// </summary>
public static class Sarif
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    public static JsonObject Of(IReadOnlyList<ScanRecord> records) => new()
    {
        ["$schema"] = Schema,
        ["version"] = "2.1.0",
        ["runs"] = new JsonArray(new JsonObject
        {
            ["tool"] = new JsonObject { ["driver"] = Driver() },
            ["invocations"] = new JsonArray(new JsonObject
            {
                ["executionSuccessful"] = records.All(record => record.Outcome != Outcome.Error),
                ["toolExecutionNotifications"] = new JsonArray([.. records.Where(record => record.Label == Label.Unknown).Select(Notification)]),
            }),
            ["results"] = new JsonArray([.. records.Where(record => record.Label.IsFlagged()).SelectMany(Results)]),
        }),
    };

    private static JsonObject Driver() => new()
    {
        ["name"] = "DynaHug",
        ["version"] = typeof(Sarif).Assembly.GetName().Version?.ToString(3),
        ["rules"] = new JsonArray(
        [
            .. IndicatorCatalogue.All.Select(known => Rule(known.Id, known.Title, $"{known.Why} MITRE ATT&CK {known.Technique}.")),
            Rule(FlagSigns.Unusual, "Behaves as no benign model of its task does", "System calls of the load that the profile of its task cluster, learnt from benign models, does not explain."),
            Rule(FlagSigns.Written, "A dangerous call is written in the file", "Static reading names a call that runs programs or text, or opens files or the network, whether it ran here or not."),
        ]),
    };

    private static JsonObject Rule(string id, string title, string why) => new()
    {
        ["id"] = id,
        ["shortDescription"] = Text(title),
        ["fullDescription"] = Text(why),
    };

    private static IEnumerable<JsonNode> Results(ScanRecord record)
    {
        foreach (var indicator in record.Indicators)
        {
            var conclusive = IndicatorCatalogue.WeightOf(indicator) == IndicatorWeight.Conclusive;
            yield return Result(record, indicator.Id, conclusive ? "error" : "warning", $"{IndicatorCatalogue.Find(indicator.Id)?.Title ?? indicator.Id}: {indicator.Evidence}");
        }

        foreach (var finding in record.StaticFindings.Where(finding => finding.Severity == Severity.Dangerous))
        {
            yield return Result(record, FlagSigns.Written, "warning", finding.Evidence);
        }

        if (record.Decision < 0)
        {
            yield return Result(record, FlagSigns.Unusual, record.Label == Label.Malicious ? "error" : "warning", string.Join("; ", record.Reasons));
        }
    }

    private static JsonObject Result(ScanRecord record, string rule, string level, string message)
    {
        var result = Plain(record, rule, level, message);
        if (record.Exempt is { } reason)
        {
            result["suppressions"] = new JsonArray(new JsonObject { ["kind"] = "external", ["justification"] = reason });
        }

        return result;
    }

    private static JsonObject Plain(ScanRecord record, string rule, string level, string message) => new()
    {
        ["ruleId"] = rule,
        ["level"] = level,
        ["message"] = Text(message),
        ["locations"] = Locations(record),
        ["partialFingerprints"] = new JsonObject { ["contentAndRule/v1"] = $"{record.Sha256?.Hex}:{rule}" },
        ["properties"] = new JsonObject { ["label"] = record.Label.Name(), ["sha256"] = record.Sha256?.Hex, ["score"] = record.Score, ["target"] = record.Target },
    };

    private static JsonObject Notification(ScanRecord record) => new()
    {
        ["level"] = record.Outcome == Outcome.Error ? "error" : "warning",
        ["descriptor"] = new JsonObject { ["id"] = record.Outcome.Name() },
        ["message"] = Text($"not analysed: {record.Reason}"),
        ["locations"] = Locations(record),
    };

    private static JsonArray Locations(ScanRecord record) => new(new JsonObject
    {
        ["physicalLocation"] = new JsonObject { ["artifactLocation"] = new JsonObject { ["uri"] = AddressOf(record.Path.Length > 0 ? record.Path : record.Target) } },
    });

    /// <summary>A relative reference (RFC 3986) with forward slashes; nothing in a name can make it another scheme or host.</summary>
    private static string AddressOf(string path) => string.Join('/', path.TrimStart('/').Split('/').Select(Uri.EscapeDataString));

    private static JsonObject Text(string text) => new() { ["text"] = text };
}
