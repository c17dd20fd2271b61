using System.CommandLine;
using DynaHug.Coordinator.Hosting;
using DynaHug.Crawler.Hub;
using DynaHug.LocalHub;
using DynaHug.Shared.Hub;
using DynaHug.Worker.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug demo</c>: the main job end to end on a sample hub of real files.</summary>
internal static class DemoCommand
{
    /// <summary>The most-liked repos of each tag train; the others are judged unseen.</summary>
    private const int TrainingRepos = 60;

    private const int PollSeconds = 2;

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder for the sample hub and all that is kept.", DefaultValueFactory = _ => ".demo" };
        var report = CommonOptions.Report();
        var port = CommonOptions.Port();
        var seed = new Option<int>("--seed") { Description = "Seed of the sample hub.", DefaultValueFactory = _ => 1 };
        var once = new Option<bool>("--once") { Description = "End after the first full pass: exit code 1 if something was flagged." };
        // ./dynahug itself installs, and stops before it gets here; named so that --help shows it.
        var noInstall = new Option<bool>("--no-install") { Description = "Print the commands that would install what is missing, and stop." };
        var command = new Command("demo", "Make a sample hub of benign and malicious models, serve it on loopback, scan all of it, and stay to watch it.")
        {
            data, report, port, seed, once, noInstall,
        };
        command.Add(Push());
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new NodeOptions
            {
                DataFolder = parsed.GetRequiredValue(data),
                ReportFolder = parsed.GetValue(report),
                Port = parsed.GetValue(port),
                TrainingRepos = TrainingRepos,
                PollSeconds = PollSeconds,
            };
            Validation.Check(options);
            await GvisorSandbox.RequireAsync(CommonOptions.SandboxIn(options.DataFolder), cancel);
            var folder = HubFolderIn(options.DataFolder);
            Console.WriteLine($"sample hub {folder} (written by torch, joblib, … with harmless payloads; takes a minute the first time)");
            await SampleHub.MakeAsync(folder, parsed.GetValue(seed), benignOnly: false, cancel);
            await using var hub = await LocalHubServer.StartAsync(new LocalHubOptions { Folder = folder }, NullLoggerFactory.Instance, TimeProvider.System, cancel);
            Console.WriteLine($"hub        {hub.HubUrl}");
            var hubOptions = new HubOptions { Endpoint = hub.HubUrl };
            return await PassRunner.RunAsync(options, hubOptions, parsed.GetValue(once), cancel);
        });
        return command;
    }

    private static Command Push()
    {
        var data = new Option<string>("--data") { Description = "The data folder of the running demo.", DefaultValueFactory = _ => ".demo" };
        var technique = new Option<string>("--technique") { Description = "How the pushed file attacks (harmlessly).", DefaultValueFactory = _ => "os-system" };
        var repo = new Option<string>("--repo") { Description = "Name of the pushed repo.", DefaultValueFactory = _ => "newcomer/fresh-upload" };
        var command = new Command("push", "Push a new malicious repo into the running demo's hub; it shows up on the page by itself.") { data, technique, repo };
        command.SetAction(async (parsed, cancel) =>
        {
            var folder = HubFolderIn(parsed.GetRequiredValue(data));
            if (!Directory.Exists(folder))
            {
                throw new UsageException($"there is no demo in '{parsed.GetRequiredValue(data)}'; start './dynahug demo' first, or name its folder with --data");
            }

            if (!RepoId.TryParse(parsed.GetRequiredValue(repo), out var id))
            {
                throw new UsageException($"'{Shared.Printable.Of(parsed.GetRequiredValue(repo))}' is no repo name; expected org/name");
            }

            var work = Directory.CreateTempSubdirectory("dynahug-push-");
            try
            {
                var file = Path.Combine(work.FullName, "pytorch_model.bin");
                await SampleHub.MakeMaliciousAsync(parsed.GetRequiredValue(technique), file, cancel);
                HubFolder.Push(folder, id, [file], "text-generation", TimeProvider.System);
            }
            finally
            {
                work.Delete(recursive: true);
            }

            Console.WriteLine($"pushed {id} ({parsed.GetValue(technique)}); watch the dashboard");
            return ExitCode.Clean;
        });
        return command;
    }

    private static string HubFolderIn(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), "hub");
}
