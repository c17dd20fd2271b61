using System.Text;
using System.Text.Json;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Wire;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace DynaHug.Coordinator.Reports;

/// <summary>Writes the hub-wide report from the read model: one record as JSON, and the same record as a page that stands alone.</summary>
public sealed class HubReporter(ReadModelQueries readModel, TimeProvider clock, IServiceProvider services, ILoggerFactory loggers)
{
    public const string JsonFile = "report.json";
    public const string HtmlFile = "report.html";

    /// <summary>Writes both files into the folder, each whole or not at all, and gives the record.</summary>
    public async Task<HubReport> WriteAsync(string folder, Uri hub, CancellationToken cancel)
    {
        var report = await MakeAsync(hub, cancel);
        Directory.CreateDirectory(folder);
        await ReplaceAsync(Path.Combine(folder, JsonFile), JsonSerializer.Serialize(report, Json.Indented), cancel);
        await ReplaceAsync(Path.Combine(folder, HtmlFile), await HtmlOfAsync(report), cancel);
        return report;
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
            [.. flagged.OrderByDescending(entry => entry.Label).ThenByDescending(entry => entry.Score ?? 0).ThenBy(entry => entry.Repo, StringComparer.Ordinal)],
            overview.Coverage,
            overview.Labels,
            clusters.SelectMany(cluster => cluster.Indicators)
                .GroupBy(indicator => indicator.Key)
                .OrderByDescending(group => group.Sum(indicator => indicator.Value))
                .ToDictionary(group => group.Key, group => group.Sum(indicator => indicator.Value)),
            clusters,
            await readModel.EnvironmentsAsync(cancel),
            await readModel.ActiveProfilesAsync(cancel));
    }

    /// <summary>Rendered by components, which encode whatever they are given: hostile text stays text.</summary>
    internal async Task<string> HtmlOfAsync(HubReport report)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(ReportPage.Report)] = report });
            var page = await renderer.RenderComponentAsync<ReportPage>(parameters);
            return page.ToHtmlString();
        });
    }

    private static async Task ReplaceAsync(string file, string content, CancellationToken cancel)
    {
        var unfinished = file + ".new";
        await File.WriteAllTextAsync(unfinished, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancel);
        File.Move(unfinished, file, overwrite: true);
    }
}
