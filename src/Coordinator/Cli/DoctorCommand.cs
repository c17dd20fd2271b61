using System.CommandLine;
using System.Runtime.CompilerServices;
using DynaHug.Coordinator.Blobs;
using DynaHug.Coordinator.Hosting;
using DynaHug.Worker.Sandbox;
using Spectre.Console;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug doctor</c>: can this machine scan, and what to do if not.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var blobs = new BlobOptions();
        var command = new Command("doctor", "Check what is installed and the blob store, and run a benign and a malicious canary in the sandbox.") { data };
        blobs.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var healthy = true;
            var table = new Table().AddColumns("check", "", "what was found").Border(TableBorder.Simple);
            var options = new NodeOptions { DataFolder = parsed.GetRequiredValue(data), SharedBlobs = blobs.Folder(parsed), Bucket = blobs.Bucket(parsed) };
            await foreach (var check in ExamineAsync(options, cancel))
            {
                healthy &= check.Ok;
                table.AddRow(check.Name.EscapeMarkup(), check.Ok ? "[green]ok[/]" : "[red]no[/]", check.Detail.EscapeMarkup());
                if (!check.Ok)
                {
                    table.AddRow("", "", $"[yellow]{check.Remedy.EscapeMarkup()}[/]");
                }
            }

            AnsiConsole.Write(table);
            AnsiConsole.MarkupLine(healthy ? "[green]this machine can scan[/]" : "[red]this machine cannot scan yet[/]; see what to do above");
            return healthy ? ExitCode.Clean : ExitCode.Error;
        });
        return command;
    }

    private static async IAsyncEnumerable<DoctorCheck> ExamineAsync(NodeOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var check in SandboxDoctor.ExamineAsync(CommonOptions.SandboxIn(options.DataFolder), TimeProvider.System, cancel))
        {
            yield return check;
        }

        yield return await ExamineBlobsAsync(options, cancel);
    }

    internal static async Task<DoctorCheck> ExamineBlobsAsync(NodeOptions options, CancellationToken cancel)
    {
        const string Name = "blob store";
        try
        {
            await BlobStores.RequireAsync(options, cancel);
            return new DoctorCheck(Name, true, $"{options.Bucket?.ToString() ?? options.BlobFolder} can be read and written", "");
        }
        catch (Exception refused) when (refused is UsageException or IOException or UnauthorizedAccessException)
        {
            return new DoctorCheck(Name, false, "not usable", refused.Message);
        }
    }
}
