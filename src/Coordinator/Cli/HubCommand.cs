using System.CommandLine;
using DynaHug.Coordinator.Hosting;
using DynaHug.LocalHub;
using DynaHug.Shared.Hub;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug hub</c>: a local stand-in for a Hugging Face hub, and pushes into it.</summary>
internal static class HubCommand
{
    public static Command Create() => new("hub", "Serve a folder as a Hugging Face hub on loopback, or push a repo into such a folder.") { Serve(), Push() };

    private static Command Serve()
    {
        var folder = new Argument<string>("dir") { Description = "Folder of repos: DIR/org/name/<files>, with metadata in .hub.json or the front matter of README.md." };
        var port = new Option<int>("--port") { Description = "Port of the hub; 0 takes any free one.", DefaultValueFactory = _ => 8090 };
        var faults = new HubFaultOptions();
        var command = new Command("serve", "Serve a folder by the hub's HTTP API until Ctrl-C; pushes into the folder show up by themselves.") { folder, port };
        faults.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var options = faults.Read(parsed, parsed.GetRequiredValue(folder), parsed.GetValue(port));
            await using var hub = await LocalHubServer.StartAsync(options, NullLoggerFactory.Instance, TimeProvider.System, cancel);
            Console.WriteLine($"hub at {hub.HubUrl} (files at {hub.BlobUrl}); scan it with: dynahug up --hub {hub.HubUrl}");
            await Waiting.ForCancellationAsync(cancel);
            return ExitCode.Clean;
        });
        return command;
    }

    private static Command Push()
    {
        var folder = new Argument<string>("dir") { Description = "Folder that 'hub serve' serves." };
        var repo = new Argument<string>("repo") { Description = "Name of the repo: org/name." };
        var files = new Argument<string[]>("files") { Description = "Files to put into the repo.", Arity = ArgumentArity.OneOrMore };
        var tag = new Option<string?>("--pipeline-tag") { Description = "The repo's task, for instance text-generation." };
        var command = new Command("push", "Add or change a repo in a served folder, all files at once.") { folder, repo, files, tag };
        command.SetAction(parsed =>
        {
            if (!RepoId.TryParse(parsed.GetRequiredValue(repo), out var id))
            {
                throw new UsageException($"'{Shared.Printable.Of(parsed.GetRequiredValue(repo))}' is no repo name; expected org/name");
            }

            var paths = parsed.GetRequiredValue(files);
            HubFolder.Push(parsed.GetRequiredValue(folder), id, paths, parsed.GetValue(tag), TimeProvider.System);
            Console.WriteLine($"pushed {paths.Length} files to {id}");
            return ExitCode.Clean;
        });
        return command;
    }
}
