using System.CommandLine;
using System.Text.Json;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Reports;
using DynaHug.Crawler.Hub;
using DynaHug.Shared;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug report</c>: hub-wide reports of a data folder, their formats and differences.</summary>
internal static class ReportCommand
{
    public static Command Create() => new("report", "Make hub-wide reports, turn them into other formats, and say what changed between two.") { Make(), Render(), Diff() };

    private static Command Make()
    {
        var data = CommonOptions.Data();
        var hub = CommonOptions.Address("--hub", "Address of the hub that the report names; HF_ENDPOINT, or the public hub, by default.");
        var output = new Option<string?>("--output", "-o") { Description = "Folder for report.json, report.html and the other formats; the data folder's 'reports' by default." };
        var command = new Command("make", "Make a report of what a data folder holds, in every format, and keep its record. Works beside a running node.") { data, hub, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new NodeOptions { DataFolder = parsed.GetRequiredValue(data), ReportFolder = parsed.GetValue(output) };
            if (!File.Exists(options.ReadModelFile))
            {
                throw new UsageException($"'{Printable.Of(options.DataFolder)}' holds no read model; start a node on it first (dynahug up), or name another folder with --data");
            }

            await using var services = Services(options);
            services.GetRequiredService<ReadModelSchema>().RequireCurrent();
            var report = await services.GetRequiredService<HubReporter>().KeepAsync(options.Reports, HubOptions.FromEnvironment(parsed.GetValue(hub)).Endpoint, cancel);
            Console.WriteLine($"report {ReportArchive.IdOf(report)}: {report.Totals.FlaggedFiles:N0} flagged files in {report.Totals.FlaggedRepos:N0} of {report.Repos:N0} repos, in {Path.GetFullPath(options.Reports)}");
            return report.ExitCode();
        });
        return command;
    }

    private static Command Render()
    {
        var file = new Argument<string>("report") { Description = "A report.json." };
        var format = new Option<ReportFormat>("--format") { Description = "json, html, csv, parquet, stix (2.1), osv (confirmed ones only), atom or cyclonedx (1.6).", DefaultValueFactory = _ => ReportFormat.Html };
        var output = new Option<string?>("--output", "-o") { Description = "File to write to instead of standard output." };
        var command = new Command("render", "Turn a report into another format; the same record gives the same bytes.") { file, format, output };
        command.SetAction(async (parsed, cancel) =>
        {
            var report = await ReportArchive.ReadFileAsync(parsed.GetRequiredValue(file), cancel);
            await using var services = Services(new NodeOptions { DataFolder = Path.GetTempPath() });
            var content = await services.GetRequiredService<ReportWriter>().WriteAsync(report, parsed.GetValue(format), cancel);
            await using var stream = parsed.GetValue(output) is { } path ? File.Create(path) : Console.OpenStandardOutput();
            await stream.WriteAsync(content, cancel);
            return ExitCode.Clean;
        });
        return command;
    }

    private static Command Diff()
    {
        var earlier = new Argument<string>("earlier") { Description = "A report.json." };
        var later = new Argument<string>("later") { Description = "A later one of the same hub." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("diff", "What is new, changed and withdrawn between two reports. Exit code 1 if something is new.") { earlier, later, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var difference = ReportDifference.Of(
                await ReportArchive.ReadFileAsync(parsed.GetRequiredValue(earlier), cancel), await ReportArchive.ReadFileAsync(parsed.GetRequiredValue(later), cancel));
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(difference, Json.Indented));
            }
            else
            {
                Print(difference);
            }

            return difference.New.Count > 0 ? ExitCode.Flagged : ExitCode.Clean;
        });
        return command;
    }

    private static void Print(ReportDifference difference)
    {
        foreach (var entry in difference.New)
        {
            Console.WriteLine($"new        {entry.Label.Name()} {entry.Repo}@{entry.Revision} {entry.Path}");
        }

        foreach (var entry in difference.Changed)
        {
            Console.WriteLine($"changed    {entry.Repo} {entry.Path}: {entry.Was.Label.Name()} ({entry.Was.Case}) to {entry.Is.Label.Name()} ({entry.Is.Case})");
        }

        foreach (var entry in difference.Withdrawn)
        {
            Console.WriteLine($"withdrawn  {entry.Repo}@{entry.Revision} {entry.Path}");
        }

        Console.WriteLine($"{difference.New.Count} new, {difference.Changed.Count} changed, {difference.Withdrawn.Count} withdrawn since {difference.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
    }

    private static ServiceProvider Services(NodeOptions options) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton(options)
        .AddReadModel(options.ReadModel)
        .AddReports()
        .BuildServiceProvider();
}
