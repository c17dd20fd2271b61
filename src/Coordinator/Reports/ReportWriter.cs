using System.Text;
using System.Text.Json;
using DynaHug.Shared.Wire;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace DynaHug.Coordinator.Reports;

/// <summary>Turns the record of a hub-wide report into any format. The same record gives the same bytes.</summary>
public sealed class ReportWriter(IServiceProvider services, ILoggerFactory loggers)
{
    public static string FileNameOf(ReportFormat format) => format switch
    {
        ReportFormat.Json => HubReporter.JsonFile,
        ReportFormat.Html => HubReporter.HtmlFile,
        ReportFormat.Stix => "report.stix.json",
        ReportFormat.Osv => "osv.json",
        ReportFormat.Atom => "feed.atom",
        ReportFormat.Cyclonedx => "report.cdx.json",
        var other => $"report.{other.Name()}",
    };

    public static string MediaTypeOf(ReportFormat format) => format switch
    {
        ReportFormat.Html => "text/html; charset=utf-8",
        ReportFormat.Csv => "text/csv; charset=utf-8",
        ReportFormat.Parquet => "application/vnd.apache.parquet",
        ReportFormat.Stix => "application/stix+json;version=2.1",
        ReportFormat.Atom => "application/atom+xml; charset=utf-8",
        _ => "application/json",
    };

    public async Task<byte[]> WriteAsync(HubReport report, ReportFormat format, CancellationToken cancel) => format switch
    {
        ReportFormat.Html => Encoding.UTF8.GetBytes(await HtmlOfAsync(report)),
        ReportFormat.Csv => Encoding.UTF8.GetBytes(CsvReport.Of(report)),
        ReportFormat.Parquet => await ParquetReport.OfAsync(report, cancel),
        ReportFormat.Stix => JsonSerializer.SerializeToUtf8Bytes(StixReport.Of(report), Json.Indented),
        ReportFormat.Osv => JsonSerializer.SerializeToUtf8Bytes(OsvReport.Of(report), Json.Indented),
        ReportFormat.Atom => AtomFeed.Of(report),
        ReportFormat.Cyclonedx => JsonSerializer.SerializeToUtf8Bytes(CycloneDx.Of(report), Json.Indented),
        _ => JsonSerializer.SerializeToUtf8Bytes(report, Json.Indented),
    };

    /// <summary>Rendered by components, which encode whatever they are given: hostile text stays text.</summary>
    private async Task<string> HtmlOfAsync(HubReport report)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(ReportPage.Report)] = report });
            return (await renderer.RenderComponentAsync<ReportPage>(parameters)).ToHtmlString();
        });
    }
}
