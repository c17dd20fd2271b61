using System.Text.Json.Nodes;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Static;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Reports;

/// <summary>
/// Scan records as a CycloneDX 1.6 bill of materials: a component for each file, with its hash and, for files of a hub, its package URL
/// (type <c>huggingface</c>); a vulnerability for each flagged one. Files that were not analysed carry that as a property.
/// </summary>
public static class CycloneDx
{
    public static JsonObject Of(IReadOnlyList<ScanRecord> records, DateTimeOffset now) => Of(records, now, Guid.NewGuid());

    /// <summary>The flagged files of a hub. The serial number follows from the report, so that the same one gives the same bytes.</summary>
    public static JsonObject Of(HubReport report) => Of(
        [.. report.Flagged.Select(entry => new ScanRecord(
            $"{entry.Repo}@{entry.Revision}", entry.Path, entry.Sha256, FileFormat.Unknown, entry.Outcome, "", entry.Label, entry.Score, entry.Decision, entry.Indicators, entry.Reasons, [], [],
            entry.Profile, entry.Environment, null))],
        report.GeneratedAt,
        NamedUuid.Of(Guid.Empty, $"{report.Hub} {report.GeneratedAt:O}"));

    private static JsonObject Of(IReadOnlyList<ScanRecord> records, DateTimeOffset now, Guid serial) => new()
    {
        ["bomFormat"] = "CycloneDX",
        ["specVersion"] = "1.6",
        ["serialNumber"] = $"urn:uuid:{serial}",
        ["version"] = 1,
        ["metadata"] = new JsonObject
        {
            ["timestamp"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["tools"] = new JsonObject
            {
                ["components"] = new JsonArray(new JsonObject { ["type"] = "application", ["name"] = "DynaHug", ["version"] = typeof(CycloneDx).Assembly.GetName().Version?.ToString(3) }),
            },
        },
        ["components"] = new JsonArray([.. records.Select(Component)]),
        ["vulnerabilities"] = new JsonArray([.. records.Select((record, index) => (record, index)).Where(entry => entry.record.Label.IsFlagged()).Select(entry => Vulnerability(entry.record, entry.index))]),
    };

    private static JsonObject Component(ScanRecord record, int index)
    {
        var component = new JsonObject
        {
            ["type"] = "machine-learning-model",
            ["bom-ref"] = Reference(index),
            ["name"] = record.Path.Length > 0 ? record.Path : record.Target,
        };
        if (PackageUrlOf(record.Target) is { } package)
        {
            component["purl"] = package;
        }

        if (record.Sha256 is { } sha256)
        {
            component["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-256", ["content"] = sha256.Hex });
        }

        component["properties"] = new JsonArray(
            Property("dynahug:label", record.Label.Name()),
            Property("dynahug:outcome", record.Outcome.Name()),
            Property("dynahug:reason", record.Reason),
            Property("dynahug:format", record.Format),
            Property("dynahug:profile", record.Profile ?? ""));
        return component;
    }

    private static JsonObject Vulnerability(ScanRecord record, int index)
    {
        var severity = record.Label == Label.Malicious ? "critical" : "medium";
        return new JsonObject
        {
            ["bom-ref"] = $"flag-{index}",
            ["id"] = $"DYNAHUG-{record.Sha256?.Hex[..16] ?? $"{index}"}",
            ["source"] = new JsonObject { ["name"] = "DynaHug" },
            ["ratings"] = new JsonArray(new JsonObject { ["severity"] = severity, ["method"] = "other" }),
            ["description"] = string.Join("; ", record.Reasons),
            ["detail"] = string.Join("; ", record.StaticFindings.Where(finding => finding.Severity == Severity.Dangerous).Select(finding => finding.Evidence)),
            ["affects"] = new JsonArray(new JsonObject { ["ref"] = Reference(index) }),
        };
    }

    /// <summary>The package URL of a repo as people name it, <c>org/name[@revision]</c>; null for files and folders.</summary>
    private static string? PackageUrlOf(string target) => !Path.Exists(target) && RepoId.TryParse(target, out var repo, out var revision) && repo.Value.Contains('/')
        ? $"pkg:huggingface/{string.Join('/', repo.Value.Split('/').Select(Uri.EscapeDataString))}{(revision is null ? "" : $"@{Uri.EscapeDataString(revision)}")}"
        : null;

    private static JsonObject Property(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static string Reference(int index) => $"file-{index}";
}
