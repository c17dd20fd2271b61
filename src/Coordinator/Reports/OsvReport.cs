using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.Reports;

/// <summary>
/// Confirmed repos as OSV records (ossf/osv-schema 1.7): one a repo and revision, an id of our own prefix that never changes, the commit as the range. What was
/// taken back stays, with <c>withdrawn</c>, so that whoever has imported it learns of that.
/// </summary>
internal static class OsvReport
{
    private const string SchemaVersion = "1.7.0";
    private const int MostReasons = 20;

    public static JsonArray Of(HubReport report) => new([.. report.Confirmed.Select(entry => Record(entry, report.Hub))]);

    /// <summary>Year of the confirmation and the beginning of a hash of repo and commit.</summary>
    public static string IdOf(ConfirmedEntry entry) =>
        $"DYNAHUG-{entry.PublishedAt.UtcDateTime.Year}-{Sha256.OfBytes(Encoding.UTF8.GetBytes($"{entry.Repo}@{entry.Revision}")).Hex[..12]}";

    private static JsonObject Record(ConfirmedEntry entry, string hub)
    {
        var record = new JsonObject
        {
            ["schema_version"] = SchemaVersion,
            ["id"] = IdOf(entry),
            ["published"] = Moment(entry.PublishedAt),
            ["modified"] = Moment(entry.ModifiedAt),
            ["summary"] = Printable.Of($"Malicious model: {entry.Repo}", 200),
            ["details"] = string.Join('\n', entry.Reasons.Take(MostReasons).Select(reason => Printable.Of(reason, 400))),
            ["affected"] = new JsonArray(new JsonObject
            {
                ["ranges"] = new JsonArray(new JsonObject
                {
                    ["type"] = "GIT",
                    ["repo"] = $"{hub.TrimEnd('/')}/{entry.Repo}",
                    ["events"] = new JsonArray(new JsonObject { ["introduced"] = entry.Revision }, new JsonObject { ["last_affected"] = entry.Revision }),
                }),
                ["database_specific"] = new JsonObject
                {
                    ["purl"] = $"pkg:huggingface/{entry.Repo}@{entry.Revision}",
                    ["sha256"] = new JsonArray([.. entry.Contents.Select(content => (JsonNode)content.Hex)]),
                },
            }),
            ["references"] = new JsonArray(new JsonObject { ["type"] = "PACKAGE", ["url"] = $"{hub.TrimEnd('/')}/{entry.Repo}" }),
        };
        if (entry.WithdrawnAt is { } withdrawn)
        {
            record["withdrawn"] = Moment(withdrawn);
        }

        return record;
    }

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
