using System.CommandLine;
using DynaHug.Coordinator.Alerts;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Training;
using DynaHug.Crawler.Hub;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug up</c>: watches a hub.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var hub = CommonOptions.Address("--hub", "Address of the hub; HF_ENDPOINT, or the public hub, by default. HF_TOKEN is sent to it, and to no other host.");
        var data = CommonOptions.Data();
        var report = CommonOptions.Report();
        var reportEvery = new Option<double>("--report-every") { Description = "Hours between two hub-wide reports that are kept; 0 for none but those that people ask for." };
        var port = CommonOptions.Port();
        var once = new Option<bool>("--once") { Description = "End after the first full pass: exit code 1 if something was flagged." };
        var roles = new Option<string[]>("--roles")
        {
            Description = "What this node does: coordinator, crawler, worker (several: repeat or separate by commas).",
            DefaultValueFactory = _ => [.. NodeRole.All],
            AllowMultipleArgumentsPerToken = true,
        };
        roles.Validators.Add(result =>
        {
            foreach (var unknown in Split(result.Tokens.Select(token => token.Value)).Except(NodeRole.All))
            {
                result.AddError($"'{Shared.Printable.Of(unknown)}' is no role; roles are {string.Join(", ", NodeRole.All)}");
            }
        });
        var trainingRepos = new Option<int>("--training-repos") { Description = "Most-liked repos a task cluster's profile is fitted on.", DefaultValueFactory = _ => 2000 };
        var refitHours = new Option<double>("--refit-hours") { Description = "Hours after which a task cluster with new traces is fitted again; 0 for no schedule.", DefaultValueFactory = _ => 0 };
        var refitAfter = new Option<int>("--refit-after") { Description = "New traces after which a task cluster is fitted again; 0 waits for half as many as its profile was fitted on.", DefaultValueFactory = _ => 0 };
        var fitProcessors = new Option<int?>("--fit-processors") { Description = "Processors that a fit may use; half of them by default." };
        var inject = new Option<int>("--inject") { Description = "Files of a training set that get a harmless payload and are loaded for each fit, to see that the profile finds them; 0 for none.", DefaultValueFactory = _ => new TrainingOptions().InjectedLoads };
        var noReferences = new Option<bool>("--no-references") { Description = "Leave formats that a training set lacks unknown to its profile, instead of learning them from DynaHug's own reference files." };
        var askFirst = new Option<bool>("--ask-first") { Description = "Let no new profile score before a person activates it (dynahug profile activate, or the Profiles page)." };
        var alerts = new Option<int>("--alerts-a-day") { Description = "Flags that people look at a day: the Alerts page shows so many, in the order in which they are worth it.", DefaultValueFactory = _ => new AlertOptions().ADay };
        var poll = new Option<int>("--poll") { Description = "Seconds between two looks for new pushes.", DefaultValueFactory = _ => 60 };
        var walkEvery = new Option<double>("--walk-every") { Description = "Days between two walks over the whole hub, which find what was renamed, gated, made private or deleted.", DefaultValueFactory = _ => 7 };
        var canaryEvery = new Option<double>("--canary-every") { Description = "Minutes between two trials of a worker's sandbox by a known benign and a known malicious file; 0 for none.", DefaultValueFactory = _ => 5 };
        var otlp = CommonOptions.Address("--otlp", "OTLP endpoint for traces and metrics, for instance http://127.0.0.1:4317.");
        var fetching = new FetchOptions();
        var choosing = new QueryOptions();
        var blobs = new BlobOptions();
        var database = new DatabaseOptions();
        var cluster = new ClusterOptions();
        var access = new AccessCliOptions();
        var command = new Command("up", "Watch a hub: list it, load every model file in a sandbox, learn what is normal, flag what is not.")
        {
            hub, data, report, reportEvery, port, once, roles, trainingRepos, refitHours, refitAfter, fitProcessors, inject, noReferences, askFirst, alerts, poll, walkEvery, canaryEvery, otlp,
        };
        fetching.AddTo(command);
        choosing.AddTo(command);
        blobs.AddTo(command);
        database.AddTo(command);
        cluster.AddTo(command);
        access.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new NodeOptions
            {
                DataFolder = parsed.GetRequiredValue(data),
                ReportFolder = parsed.GetValue(report),
                ReportEveryHours = parsed.GetValue(reportEvery),
                Port = parsed.GetValue(port),
                Roles = [.. Split(parsed.GetRequiredValue(roles))],
                TrainingRepos = parsed.GetValue(trainingRepos),
                Training = new TrainingOptions
                {
                    RefitHours = parsed.GetValue(refitHours),
                    RefitAfterLoads = parsed.GetValue(refitAfter),
                    InjectedLoads = parsed.GetValue(inject),
                    References = !parsed.GetValue(noReferences),
                    ActivateBySelf = !parsed.GetValue(askFirst),
                },
                Fitting = parsed.GetValue(fitProcessors) is { } processors ? new FitOptions { Processors = processors } : new FitOptions(),
                Alerts = new AlertOptions { ADay = parsed.GetValue(alerts) },
                PollSeconds = parsed.GetValue(poll),
                WalkEveryDays = parsed.GetValue(walkEvery),
                CanaryMinutes = parsed.GetValue(canaryEvery),
                Database = database.Read(parsed),
                Seeds = cluster.Seeds(parsed),
                ClusterPort = cluster.Port(parsed),
                BindAddress = cluster.Bind(parsed),
                Host = cluster.Host(parsed),
                ProbePort = cluster.ProbePort(parsed),
                Tls = cluster.Tls(parsed),
                SharedBlobs = blobs.Folder(parsed),
                Bucket = blobs.Bucket(parsed),
                BlobCacheBytes = blobs.CacheBytes(parsed),
                Otlp = parsed.GetValue(otlp),
                DiskBudgetBytes = fetching.DiskBudgetBytes(parsed),
                Query = choosing.Read(parsed),
                TrainingTags = choosing.TrainingTags(parsed),
                Listen = access.Listen(parsed),
                Access = access.Access(parsed),
                Admission = access.Policy(parsed),
                WebhookSecret = Environment.GetEnvironmentVariable("DYNAHUG_WEBHOOK_SECRET") is { Length: > 0 } secret ? secret : null,
            };
            Validation.Check(options);
            Validation.Check(options.Training);
            Validation.Check(options.Alerts);
            Validation.Check(options.Fitting);
            ClusterOptions.Check(options);

            var hubOptions = fetching.Apply(parsed, HubOptions.FromEnvironment(parsed.GetValue(hub)));
            await Preflight.CheckAsync(options, hubOptions, cancel);
            return await PassRunner.RunAsync(options, hubOptions, parsed.GetValue(once), cancel);
        });
        return command;
    }

    private static IEnumerable<string> Split(IEnumerable<string> values) =>
        values.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct();
}
