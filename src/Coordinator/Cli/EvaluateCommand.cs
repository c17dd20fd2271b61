using System.CommandLine;
using DynaHug.Coordinator.Evaluation;
using DynaHug.Coordinator.Evaluation.Live;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug evaluate</c>: the paper's tables on its own data, published, recomputed and ours side by side; or the same study on loads of our own sandbox.</summary>
internal static class EvaluateCommand
{
    private const int DefaultBenign = 400;
    private const int DefaultInjected = 64;

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Folder with the paper's system-call counts (csv.gz files and syscalls.txt)." };
        var format = new Option<EvaluateFormat>("--format") { Description = "How to print the rows.", DefaultValueFactory = _ => EvaluateFormat.Text };
        var live = new Option<string?>("--live") { Description = "Study loads of our own sandbox instead; this folder keeps them and gets report.md, report.json and charts." };
        var benign = new Option<int>("--benign") { Description = "With --live: benign sample files to have loaded.", DefaultValueFactory = _ => DefaultBenign };
        var injected = new Option<int>("--injected") { Description = "With --live: benign files with a harmless payload to have loaded.", DefaultValueFactory = _ => DefaultInjected };
        var slots = new Option<int>("--slots") { Description = "With --live: sandboxes at a time; 0 loads nothing and studies what is there.", DefaultValueFactory = _ => 1 };
        var command = new Command("evaluate", "Recompute the paper's tables 5, 8, 9, 10 and 11 from its public data and print our default recipe beside them, or study loads of our own sandbox.")
        {
            data, format, live, benign, injected, slots,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(data) is null == result.GetValue(live) is null)
            {
                result.AddError("give either --data DIR (the paper's counts) or --live DIR (our own sandbox)");
            }
        });
        command.SetAction((parsed, cancel) => parsed.GetValue(live) is { } folder
            ? LiveRunner.RunAsync(new LiveOptions(folder, parsed.GetValue(benign), parsed.GetValue(injected), parsed.GetValue(slots)), Console.Out, Tell, cancel)
            : Task.Run(() => EvaluateRunner.Run(parsed.GetValue(data)!, parsed.GetValue(format), Console.Out, cancel), cancel));
        return command;
    }

    private static void Tell(string progress) => Console.Error.WriteLine($"dynahug: {progress}");
}
