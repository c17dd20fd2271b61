using System.Security.Claims;
using DynaHug.Coordinator.Desk;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Reports;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Reviews;
using DynaHug.Shared.Wire;
using Microsoft.AspNetCore.Mvc;

namespace DynaHug.Coordinator.Dashboard.Api;

/// <summary>Hub-wide reports: which there are, each in every format, what changed between two, and the schemas of records.</summary>
internal static class ReportsApi
{
    private const string Newest = "latest";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/reports", ([FromServices] ReportArchive archive) => archive.Ids()).WithSummary("Ids of the reports that are kept, the newest first");
        api.MapPost("/reports", async (Nothing _, [FromServices] HubReporter reporter, [FromServices] NodeOptions options, [FromServices] HubOptions hub, [FromServices] DeskClient desk, ClaimsPrincipal user, CancellationToken cancel) =>
            Results.Ok(await MakeAsync(reporter, options, hub, desk, Person.NameOf(user), cancel)))
            .WithSummary("Make a report now and keep it; gives its id")
            .RequireAuthorization(Policies.Triage);
        api.MapGet("/reports/{id}", async (string id, string? format, [FromServices] ReportArchive archive, [FromServices] ReportWriter writer, HttpContext context, CancellationToken cancel) =>
        {
            if (Names.Find<ReportFormat>(format ?? "json") is not { } wanted)
            {
                return Results.Problem($"'format' is one of {string.Join(", ", Enum.GetValues<ReportFormat>().Select(Shared.Wire.Names.Name))}", statusCode: StatusCodes.Status400BadRequest);
            }

            if (await FindAsync(archive, id, cancel) is not { } report)
            {
                return NoSuch(id);
            }

            if (wanted == ReportFormat.Html)
            {
                context.Items[nameof(SecurityHeaders.ReportPolicy)] = true;
            }

            return Results.File(await writer.WriteAsync(report, wanted, cancel), ReportWriter.MediaTypeOf(wanted), wanted == ReportFormat.Html ? null : ReportWriter.FileNameOf(wanted));
        }).WithSummary("A report; latest is the newest. format: json, html, csv, parquet, stix, osv, atom, cyclonedx");
        api.MapGet("/reports/{earlier}/changes/{later}", async (string earlier, string later, [FromServices] ReportArchive archive, CancellationToken cancel) =>
            await FindAsync(archive, earlier, cancel) is not { } before ? NoSuch(earlier)
            : await FindAsync(archive, later, cancel) is not { } after ? NoSuch(later)
            : Results.Ok(ReportDifference.Of(before, after)))
            .WithSummary("What is new, changed and withdrawn between two reports")
            .Produces<ReportDifference>();
        api.MapGet("/schemas/{name}", (string name) => PublishedSchemas.Find(name) is { } schema
            ? Results.Text(schema, "application/schema+json")
            : Results.Problem($"schemas are {string.Join(", ", PublishedSchemas.Names)}", statusCode: StatusCodes.Status404NotFound))
            .WithSummary("JSON schema of a record");
    }

    /// <summary>Makes a report for somebody, who is written down.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> MakeAsync(HubReporter reporter, NodeOptions options, HubOptions hub, DeskClient desk, string by, CancellationToken cancel)
    {
        var report = await reporter.KeepAsync(options.Reports, hub.Endpoint, cancel);
        await desk.TellAsync(new DeskCommands.Note(new AuditLine("made-report", ReportArchive.IdOf(report), $"{report.Flagged.Count} flagged files"), by), cancel);
        return ReportArchive.IdOf(report);
    }

    private static async Task<HubReport?> FindAsync(ReportArchive archive, string id, CancellationToken cancel) =>
        id == Newest ? await archive.NewestAsync(cancel) : await archive.ReadAsync(id, cancel);

    private static IResult NoSuch(string id) => Results.Problem($"no report {Shared.Printable.Of(id, 40)} is kept", statusCode: StatusCodes.Status404NotFound);

    /// <summary>An empty JSON object.</summary>
    internal sealed record Nothing;
}
