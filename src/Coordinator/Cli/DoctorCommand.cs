using System.CommandLine;
using DynaHug.Worker.Sandbox;
using Spectre.Console;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug doctor</c>: can this machine scan, and what to do if not.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var command = new Command("doctor", "Check what is installed, and run a benign and a malicious canary in the sandbox.") { data };
        command.SetAction(async (parsed, cancel) =>
        {
            var healthy = true;
            var table = new Table().AddColumns("check", "", "what was found").Border(TableBorder.Simple);
            await foreach (var check in SandboxDoctor.ExamineAsync(CommonOptions.SandboxIn(parsed.GetRequiredValue(data)), TimeProvider.System, cancel))
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
}
