using DynaHug.Coordinator.ReadModel;

namespace DynaHug.Coordinator.Reports;

/// <summary>Makes the hub-wide report from the read model: one record, and every format from that.</summary>
public sealed class HubReporter(ReadModelQueries readModel, TimeProvider clock, ReportWriter writer, ReportArchive archive)
{
    public const string JsonFile = "report.json";
    public const string HtmlFile = "report.html";

    private const int TopPayloads = 20;

    /// <summary>Writes JSON and HTML into the folder, each whole or not at all, and gives the record.</summary>
    public async Task<HubReport> WriteAsync(string folder, Uri hub, CancellationToken cancel)
    {
        var report = await MakeAsync(hub, cancel);
        await PublishAsync(report, folder, [ReportFormat.Json, ReportFormat.Html], cancel);
        return report;
    }

    /// <summary>As <see cref="WriteAsync"/>, in every format, and keeps the record, with what has changed since the last that was kept.</summary>
    public async Task<HubReport> KeepAsync(string folder, Uri hub, CancellationToken cancel)
    {
        var report = await MakeAsync(hub, cancel);
        var last = await archive.NewestAsync(cancel);
        report = last is null ? report : report with { Changes = ReportDifference.Of(last, report) };
        await archive.KeepAsync(report, cancel);
        await PublishAsync(report, folder, Enum.GetValues<ReportFormat>(), cancel);
        return report;
    }

    /// <summary>Writes the formats into a folder, each file whole or not at all.</summary>
    public async Task PublishAsync(HubReport report, string folder, IReadOnlyList<ReportFormat> formats, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        foreach (var format in formats)
        {
            await ReplaceAsync(Path.Combine(folder, ReportWriter.FileNameOf(format)), await writer.WriteAsync(report, format, cancel), cancel);
        }
    }

    /// <summary>The record alone.</summary>
    public async Task<HubReport> MakeAsync(Uri hub, CancellationToken cancel)
    {
        var flagged = new List<FlaggedEntry>();
        await foreach (var file in readModel.FlaggedFilesAsync(cancel))
        {
            flagged.Add(FlaggedEntry.Of(file));
        }

        var overview = await readModel.OverviewAsync(cancel);
        var clusters = await readModel.TaskClusterFiguresAsync(cancel);
        return new HubReport(
            HubReport.CurrentSchemaVersion,
            clock.GetUtcNow(),
            hub.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
            overview.Repos,
            new ReportTotals(
                overview.JudgedRepos,
                overview.OpenRepos,
                overview.FlaggedRepos,
                flagged.Count,
                overview.Coverage.Values.Sum(),
                overview.FetchedArtifacts,
                overview.AnalysedArtifacts),
            [.. flagged.OrderByDescending(entry => entry.Label).ThenByDescending(entry => entry.Score ?? 0).ThenBy(entry => entry.Repo, StringComparer.Ordinal).ThenBy(entry => entry.Path, StringComparer.Ordinal)],
            overview.Coverage,
            overview.Labels,
            clusters.SelectMany(cluster => cluster.Indicators)
                .GroupBy(indicator => indicator.Key)
                .OrderByDescending(group => group.Sum(indicator => indicator.Value))
                .ToDictionary(group => group.Key, group => group.Sum(indicator => indicator.Value)),
            clusters,
            await readModel.EnvironmentsAsync(cancel),
            await readModel.ActiveProfilesAsync(cancel))
        {
            Confirmed = await readModel.ConfirmedAsync(cancel),
            Payloads = await readModel.TopPayloadsAsync(TopPayloads, cancel),
        };
    }

    internal static async Task ReplaceAsync(string file, byte[] content, CancellationToken cancel)
    {
        var unfinished = file + ".new";
        await File.WriteAllBytesAsync(unfinished, content, cancel);
        File.Move(unfinished, file, overwrite: true);
    }
}
