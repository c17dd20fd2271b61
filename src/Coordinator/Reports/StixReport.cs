using System.Globalization;
using System.Text.Json.Nodes;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Reports;

/// <summary>
/// Flagged files as a STIX 2.1 bundle (OASIS): who says it (identity), the file by its hash (section 6.7), and a malware analysis of it (section 4.12), which carries product, environment and
/// profile. Where the bytes were never had there is nothing to refer to by hash, and the file stands for its name.
/// </summary>
internal static class StixReport
{
    /// <summary>Namespace of ids of cyber-observable objects (section 2.9).</summary>
    private static readonly Guid Observables = Guid.Parse("00abedb4-aa42-466c-9c01-fed23315a9b7");

    /// <summary>Our own, for everything else.</summary>
    private static readonly Guid Ours = NamedUuid.Of(Guid.Parse("6ba7b811-9dad-11d1-80b4-00c04fd430c8"), "https://github.com/dynahug/stix");

    public static JsonObject Of(HubReport report)
    {
        var identity = $"identity--{NamedUuid.Of(Ours, "DynaHug")}";
        var objects = new JsonArray(new JsonObject
        {
            ["type"] = "identity",
            ["spec_version"] = "2.1",
            ["id"] = identity,
            ["created"] = "2026-01-01T00:00:00.000Z",
            ["modified"] = "2026-01-01T00:00:00.000Z",
            ["name"] = "DynaHug",
            ["identity_class"] = "system",
        });
        var files = new HashSet<string>();
        foreach (var entry in report.Flagged)
        {
            var file = File(entry);
            var id = file["id"]!.GetValue<string>();
            if (files.Add(id))
            {
                objects.Add(file);
            }

            objects.Add(Analysis(entry, id, identity, report.GeneratedAt));
        }

        return new JsonObject { ["type"] = "bundle", ["id"] = $"bundle--{NamedUuid.Of(Ours, $"{report.Hub} {Moment(report.GeneratedAt)}")}", ["objects"] = objects };
    }

    private static JsonObject File(FlaggedEntry entry)
    {
        var name = entry.Path.Length > 0 ? entry.Path.Split('/')[^1] : entry.Repo;
        var identifying = new JsonObject();
        if (entry.Sha256 is { } sha256)
        {
            identifying["hashes"] = new JsonObject { ["SHA-256"] = sha256.Hex };
        }

        identifying["name"] = name;
        var file = new JsonObject { ["type"] = "file", ["spec_version"] = "2.1", ["id"] = $"file--{NamedUuid.Of(Observables, identifying.ToJsonString())}" };
        foreach (var (key, value) in identifying)
        {
            file[key] = value?.DeepClone();
        }

        return file;
    }

    private static JsonObject Analysis(FlaggedEntry entry, string file, string identity, DateTimeOffset madeAt)
    {
        var at = Moment(entry.FlaggedAt ?? madeAt);
        var analysis = new JsonObject
        {
            ["type"] = "malware-analysis",
            ["spec_version"] = "2.1",
            ["id"] = $"malware-analysis--{NamedUuid.Of(Ours, $"{entry.Repo}@{entry.Revision}/{entry.Path} {entry.Profile} {entry.Environment}")}",
            ["created_by_ref"] = identity,
            ["created"] = at,
            ["modified"] = at,
            ["product"] = "dynahug",
            ["version"] = typeof(StixReport).Assembly.GetName().Version?.ToString(3),
            ["result_name"] = Shared.Printable.Of(string.Join("; ", entry.Reasons), 1000),
            ["result"] = entry.Label == Label.Malicious ? "malicious" : "suspicious",
            ["analysis_ended"] = at,
            ["sample_ref"] = file,
            ["labels"] = new JsonArray([.. FlagLabels(entry).Distinct().Select(label => (JsonNode)label)]),
            ["external_references"] = new JsonArray(new JsonObject { ["source_name"] = "dynahug-repo", ["external_id"] = $"{entry.Repo}@{entry.Revision}" }),
        };
        if (entry.Environment is { } environment)
        {
            analysis["configuration_version"] = environment;
        }

        if (entry.Profile is { } profile)
        {
            analysis["analysis_definition_version"] = profile;
        }

        return analysis;
    }

    private static IEnumerable<string> FlagLabels(FlaggedEntry entry) => entry.Indicators.Select(indicator => indicator.Id).Append($"case-{entry.Case}");

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
