using System.CommandLine;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Jobs;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug job</c>: bulk rescans of a running node.</summary>
internal static class JobCommand
{
    private static readonly Uri DefaultNode = new("http://127.0.0.1:8080/");

    public static Command Create() => new("job", "Bulk rescans of a running node: begin, watch, pause, go on, cancel. DYNAHUG_API_KEY is sent along where it is set.")
    {
        List(),
        Show(),
        Start(),
        Change("pause", "Send no more repos for now; those under way are analysed to the end.", JobStatus.Paused),
        Change("resume", "Go on with a paused job.", JobStatus.Running),
        Change("cancel", "End a job; what it has analysed stays.", JobStatus.Cancelled),
    };

    private static Command List()
    {
        var node = Node();
        var command = new Command("list", "Every job, the newest first, with its progress.") { node };
        command.SetAction((parsed, cancel) => WithAsync(parsed, node, client => client.ListAsync(cancel)));
        return command;
    }

    private static Command Show()
    {
        var (node, id) = (Node(), Id());
        var command = new Command("show", "One job as JSON, with the repos that it has newly flagged or cleared.") { id, node };
        command.SetAction((parsed, cancel) => WithAsync(parsed, node, client => client.ShowAsync(parsed.GetRequiredValue(id), cancel)));
        return command;
    }

    private static Command Start()
    {
        var node = Node();
        var cluster = new Option<string?>("--cluster") { Description = "Only repos of this task cluster." };
        var label = new Option<Label?>("--label") { Description = "Only repos with this label now: benign, unknown, suspicious or malicious." };
        var environment = new Option<string?>("--environment") { Description = "Only repos with a load that was traced in this environment." };
        var repos = new Option<string[]>("--repo") { Description = "Only these repos, as org/name (repeat for more).", AllowMultipleArgumentsPerToken = true };
        var all = new Option<bool>("--all") { Description = "Also repos that the newest environment has traced; without it only what a new trace could change." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only count the repos that would be analysed anew." };
        repos.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !RepoId.TryParse(token.Value, out _)))
            {
                result.AddError($"'{Shared.Printable.Of(token.Value)}' is no repo name; expected org/name");
            }
        });
        var command = new Command("start", "Begin a bulk rescan: read and trace anew, in the lowest lane, what the newest environment has not traced.") { node, cluster, label, environment, repos, all, dryRun };
        command.SetAction((parsed, cancel) =>
        {
            var named = parsed.GetValue(repos) is { Length: > 0 } names ? names.Select(RepoId.Parse).ToList() : null;
            var scope = new JobScope(parsed.GetValue(cluster), parsed.GetValue(label), parsed.GetValue(environment), named, parsed.GetValue(all));
            return WithAsync(parsed, node, client => parsed.GetValue(dryRun) ? client.CountAsync(scope, cancel) : client.StartAsync(scope, cancel));
        });
        return command;
    }

    private static Command Change(string name, string description, JobStatus status)
    {
        var (node, id) = (Node(), Id());
        var command = new Command(name, description) { id, node };
        command.SetAction((parsed, cancel) => WithAsync(parsed, node, client => client.SetStatusAsync(parsed.GetRequiredValue(id), status, cancel)));
        return command;
    }

    private static async Task<int> WithAsync(ParseResult parsed, Option<Uri?> node, Func<JobRunner, Task<int>> run)
    {
        using var client = new JobRunner(parsed.GetValue(node) ?? DefaultNode, Environment.GetEnvironmentVariable("DYNAHUG_API_KEY"), Console.Out);
        return await run(client);
    }

    private static Option<Uri?> Node() => CommonOptions.Address("--node", $"Address of a running coordinator; {DefaultNode} by default.");

    private static Argument<int> Id() => new("id") { Description = "Number of the job." };
}
