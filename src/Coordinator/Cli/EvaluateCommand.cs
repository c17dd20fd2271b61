using System.CommandLine;
using DynaHug.Coordinator.Evaluation;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug evaluate</c>: the paper's tables on its own data, published, recomputed and ours side by side.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder with the paper's system-call counts (csv.gz files and syscalls.txt).", Required = true };
        var format = new Option<EvaluateFormat>("--format") { Description = "How to print the rows.", DefaultValueFactory = _ => EvaluateFormat.Text };
        var command = new Command("evaluate", "Recompute the paper's tables 5, 8, 9, 10 and 11 from its public data and print our default recipe beside them.") { data, format };
        command.SetAction((parsed, cancel) =>
            Task.Run(() => EvaluateRunner.Run(parsed.GetRequiredValue(data), parsed.GetValue(format), Console.Out, cancel), cancel));
        return command;
    }
}
