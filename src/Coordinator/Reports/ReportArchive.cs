using System.Globalization;
using System.Text.Json;
using DynaHug.Coordinator.Hosting;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Reports;

/// <summary>
/// The reports that were made, in the folder of reports: <c>report.json</c> and <c>report.html</c> are the newest, <c>history/ID.json</c> keeps the record of each, named by its moment. Every
/// other format is made of a record when somebody wants it.
/// </summary>
public sealed class ReportArchive(NodeOptions options)
{
    private const string Pattern = "yyyyMMdd'T'HHmmss'Z'";

    private string Folder => Path.Combine(options.Reports, "history");

    public static string IdOf(HubReport report) => report.GeneratedAt.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>Ids of the reports that are kept, the newest first.</summary>
    public IReadOnlyList<string> Ids() => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Where(IsId).OrderDescending(StringComparer.Ordinal)]
        : [];

    /// <summary>Null where there is no such report.</summary>
    public async Task<HubReport?> ReadAsync(string id, CancellationToken cancel) =>
        IsId(id) && Path.Combine(Folder, $"{id}.json") is var file && File.Exists(file) ? await ReadFileAsync(file, cancel) : null;

    public async Task<HubReport?> NewestAsync(CancellationToken cancel) => Ids() is [var newest, ..] ? await ReadAsync(newest, cancel) : null;

    /// <summary>Keeps a report, whole or not at all.</summary>
    public async Task KeepAsync(HubReport report, CancellationToken cancel)
    {
        Directory.CreateDirectory(Folder);
        await HubReporter.ReplaceAsync(Path.Combine(Folder, $"{IdOf(report)}.json"), JsonSerializer.SerializeToUtf8Bytes(report, Json.Options), cancel);
    }

    /// <exception cref="UsageException">It is no report of a version that this program reads.</exception>
    public static async Task<HubReport> ReadFileAsync(string file, CancellationToken cancel)
    {
        try
        {
            await using var stream = File.OpenRead(file);
            var report = await JsonSerializer.DeserializeAsync<HubReport>(stream, Json.Options, cancel);
            return report?.SchemaVersion == HubReport.CurrentSchemaVersion
                ? report
                : throw new UsageException($"'{Shared.Printable.Of(file)}' is a report of schema version {report?.SchemaVersion}; this program reads {HubReport.CurrentSchemaVersion}");
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"'{Shared.Printable.Of(file)}' is no report: {Shared.Printable.Of(wrong.Message)}", wrong);
        }
    }

    private static bool IsId(string id) => DateTime.TryParseExact(id, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
