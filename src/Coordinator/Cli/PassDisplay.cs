using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Reports;
using DynaHug.Shared;
using DynaHug.Shared.Wire;
using Spectre.Console;

namespace DynaHug.Coordinator.Cli;

/// <summary>The first pass in the terminal: a live table where there is one, plain lines now and then where output goes to a file.</summary>
public static class PassDisplay
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);

    public static async Task ShowUntilSettledAsync(Func<Task<PassStatus?>> read, TimeSpan glance, CancellationToken cancel)
    {
        var clock = TimeProvider.System;
        var pace = new Pace(clock);
        var lastLine = DateTimeOffset.MinValue;
        using var glances = new PeriodicTimer(glance);
        if (AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected)
        {
            await AnsiConsole.Live(new Table()).AutoClear(true).StartAsync(async live =>
            {
                PassStatus? status;
                do
                {
                    await glances.WaitForNextTickAsync(cancel);
                    status = await read();
                    if (status is not null)
                    {
                        live.UpdateTarget(TableOf(status, pace));
                    }
                }
                while (status is not { Settled: true });
            });
            return;
        }

        while (await glances.WaitForNextTickAsync(cancel))
        {
            if (await read() is not { } status)
            {
                continue;
            }

            if (status.Settled || clock.GetUtcNow() - lastLine >= PlainInterval)
            {
                Console.WriteLine(LineOf(status, pace));
                lastLine = clock.GetUtcNow();
            }

            if (status.Settled)
            {
                return;
            }
        }
    }

    public static void ShowResult(HubReport report, string folder, Uri dashboard)
    {
        var table = new Table().Title("flagged").Border(TableBorder.Simple).AddColumns("label", "repo", "file", "why");
        foreach (var flagged in report.Flagged.Take(100))
        {
            table.AddRow(ScanTable.Coloured(flagged.Label), Text(flagged.Repo), Text(flagged.Path), Text(flagged.Reasons is [var reason, ..] ? reason : ""));
        }

        AnsiConsole.Write(table);
        Console.WriteLine($"repos      {report.Repos}, of which {report.Flagged.Select(flagged => flagged.Repo).Distinct().Count()} flagged");
        Console.WriteLine($"files      {string.Join(", ", report.Coverage.Where(part => part.Value > 0).Select(part => $"{part.Value} {part.Key}"))}");
        Console.WriteLine($"report     {Path.Combine(Path.GetFullPath(folder), "report.html")}");
        Console.WriteLine($"           {Path.Combine(Path.GetFullPath(folder), "report.json")}");
        Console.WriteLine($"dashboard  {dashboard}");
    }

    public static void ShowFlag(FlaggedRepo repo) =>
        AnsiConsole.MarkupLine($"{ScanTable.Coloured(repo.Label)} {Text(repo.Repo.Value)}  {Text(repo.Reasons is [var reason, ..] ? reason : "")}");

    private static Table TableOf(PassStatus status, Pace pace)
    {
        var eta = pace.EtaOf(status.Overview);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("stage", "done", "");
        table.AddRow("listed", $"{status.Hub.Listed}", Text(status.Hub.Problem.Length > 0 ? status.Hub.Problem : status.Hub.WalkFinished ? "the whole hub" : "listing"));
        table.AddRow("fetched", $"{status.Overview.FetchedArtifacts}", $"{status.Fetching.Waiting} waiting, {status.Fetching.Leased} running");
        table.AddRow("analysed", $"{status.Overview.AnalysedArtifacts}", Text(NotReady(status) ?? $"{status.Tracing.Waiting} waiting, {status.Tracing.Leased} in sandboxes"));
        table.AddRow("learnt", $"{status.Overview.ActiveProfiles} profiles", Text(status.Training.Activity));
        table.AddRow("judged", $"{status.Overview.JudgedRepos} of {status.Overview.Repos} repos", $"{pace.PerMinute:0} a minute{(eta is null ? "" : $", {eta:m\\:ss} left")}");
        table.AddRow("flagged", $"[red]{status.Overview.FlaggedRepos}[/]", "");
        return table;
    }

    private static string LineOf(PassStatus status, Pace pace)
    {
        var eta = pace.EtaOf(status.Overview);
        return $"listed {status.Hub.Listed}, fetched {status.Overview.FetchedArtifacts}, analysed {status.Overview.AnalysedArtifacts}, "
            + $"judged {status.Overview.JudgedRepos} of {status.Overview.Repos} repos, flagged {status.Overview.FlaggedRepos}, "
            + $"{pace.PerMinute:0} a minute{(eta is null ? "" : $", about {eta:m\\:ss} left")}; {Printable.Of(status.Training.Activity, 160)}"
            + (status.Hub.Problem.Length > 0 ? $"; hub: {status.Hub.Problem}" : "")
            + (NotReady(status) is { } canaries ? $"; {canaries}" : "");
    }

    /// <summary>Why a worker takes no work; null where all do.</summary>
    private static string? NotReady(PassStatus status) =>
        status.Tracing.Canaries?.FirstOrDefault(report => report.Problem.Length > 0) is { } failed ? $"{Printable.Of(failed.Node, 80)} takes no work: {Printable.Of(failed.Problem, 160)}" : null;

    private static string Text(string hostile) => Printable.Of(hostile, 160).EscapeMarkup();

    /// <summary>Repos judged per minute over the last half minute, and what that means for the rest.</summary>
    private sealed class Pace(TimeProvider clock)
    {
        private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
        private readonly Queue<(DateTimeOffset At, long Judged)> seen = new();

        public double PerMinute { get; private set; }

        public TimeSpan? EtaOf(Overview overview)
        {
            var now = clock.GetUtcNow();
            seen.Enqueue((now, overview.JudgedRepos));
            while (seen.Count > 2 && now - seen.Peek().At > Window)
            {
                seen.Dequeue();
            }

            var (since, before) = seen.Peek();
            PerMinute = now > since ? (overview.JudgedRepos - before) / (now - since).TotalMinutes : 0;
            var left = overview.Repos - overview.JudgedRepos;
            return PerMinute > 0 && left > 0 ? TimeSpan.FromMinutes(left / PerMinute) : null;
        }
    }
}
