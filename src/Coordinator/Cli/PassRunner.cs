using Akka.Actor;
using DynaHug.Coordinator.Access;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Reports;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Monitoring;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Work;

namespace DynaHug.Coordinator.Cli;

/// <summary>How far the first pass over the hub is; what the terminal shows.</summary>
/// <param name="Overview">Counts of the read model.</param>
/// <param name="Settled">The pass is over: all listed, every repo with its current verdict.</param>
public sealed record PassStatus(MonitorReplies.Status Hub, TrainingReplies.Status Training, WorkReplies.Figures Fetching, WorkReplies.Figures Tracing, Overview Overview)
{
    public bool Settled => Hub.WalkFinished && Training.Settled && Overview.OpenRepos == 0 && Overview.Repos >= Hub.Listed;
}

/// <summary>Runs a node from the command line: shows the first pass, writes the report, then watches until Ctrl-C or ends with an exit code.</summary>
public static class PassRunner
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(NodeOptions options, HubOptions hub, bool once, CancellationToken cancel)
    {
        await using var node = await Node.StartAsync(options, hub, cancel);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, node.Stopping);
        var code = await RunAsync(node, options, hub, once, either.Token);
        if (node.CutOff)
        {
            throw new UsageException("the cluster has cut this node off, or did not let it join; its log says why, and it can be started again");
        }

        return code;
    }

    private static async Task<int> RunAsync(Node node, NodeOptions options, HubOptions hub, bool once, CancellationToken cancel)
    {
        Console.WriteLine($"data       {Path.GetFullPath(options.DataFolder)}");
        Console.WriteLine($"metrics    {new Uri(node.Dashboard, "metrics")}");
        if (!options.Has(NodeRole.Coordinator))
        {
            Console.WriteLine($"working as {string.Join(", ", options.Roles)} until Ctrl-C");
            await Waiting.ForCancellationAsync(cancel);
            return ExitCode.Clean;
        }

        Console.WriteLine($"dashboard  {node.Dashboard}");
        if (node.FirstPassword is { } password)
        {
            Console.WriteLine($"first sign-in: {Accounts.FirstAdmin} {password} (shown once; change it on the Access page)");
        }

        var reporter = node.Services.GetRequiredService<HubReporter>();
        try
        {
            await PassDisplay.ShowUntilSettledAsync(() => StatusAsync(node, cancel), Glance, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Console.WriteLine("stopped before the first pass was over; start again to go on where it was");
            return ExitCode.Error;
        }

        var report = await reporter.WriteAsync(options.Reports, hub.Endpoint, cancel);
        PassDisplay.ShowResult(report, options.Reports, node.Dashboard);
        if (once)
        {
            return report.ExitCode();
        }

        Console.WriteLine("watching for new pushes; Ctrl-C ends");
        await WatchAsync(node, reporter, options, hub, cancel);
        return ExitCode.Clean;
    }

    /// <summary>Prints what is newly flagged and keeps the report current.</summary>
    private static async Task WatchAsync(Node node, HubReporter reporter, NodeOptions options, HubOptions hub, CancellationToken cancel)
    {
        var shown = (await node.ReadModel.OverviewAsync(cancel)).LastVerdictAt;
        using var glances = new PeriodicTimer(Glance);
        try
        {
            while (await glances.WaitForNextTickAsync(cancel))
            {
                var overview = await node.ReadModel.OverviewAsync(cancel);
                if (overview.LastVerdictAt == shown)
                {
                    continue;
                }

                await foreach (var repo in node.ReadModel.FlaggedSinceAsync(shown, cancel))
                {
                    PassDisplay.ShowFlag(repo);
                }

                shown = overview.LastVerdictAt;
                await reporter.WriteAsync(options.Reports, hub.Endpoint, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Console.WriteLine("stopping");
        }
    }

    /// <summary>Null while a busy or starting actor does not answer in time.</summary>
    private static async Task<PassStatus?> StatusAsync(Node node, CancellationToken cancel)
    {
        try
        {
            return await ReadStatusAsync(node, cancel);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private static async Task<PassStatus> ReadStatusAsync(Node node, CancellationToken cancel) => new(
        await node.Actor<Keys.HubMonitor>().Ask<MonitorReplies.Status>(new MonitorCommands.GetStatus(), AskTimeout, cancel),
        await node.Actor<Keys.Trainer>().Ask<TrainingReplies.Status>(new TrainingCommands.GetStatus(), AskTimeout, cancel),
        await node.Actor<Keys.FetchQueue>().Ask<WorkReplies.Figures>(new WorkCommands.GetFigures(), AskTimeout, cancel),
        await node.Actor<Keys.TraceQueue>().Ask<WorkReplies.Figures>(new WorkCommands.GetFigures(), AskTimeout, cancel),
        await node.ReadModel.OverviewAsync(cancel));
}
