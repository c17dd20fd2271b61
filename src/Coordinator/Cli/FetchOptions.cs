using System.CommandLine;
using DynaHug.Crawler.Hub;

namespace DynaHug.Coordinator.Cli;

/// <summary>The options of <c>dynahug up</c> that say how much of a file is fetched and how often a program is loaded.</summary>
internal sealed class FetchOptions
{
    private readonly Option<bool> full = Full();

    private readonly Option<double> recheckShare = new("--recheck-share")
    {
        Description = "Share (0 to 1) of the files read in part that are picked at random to be fetched and loaded whole as well.",
        DefaultValueFactory = _ => 0.01,
    };

    private readonly Option<bool> loadEach = new("--load-each") { Description = "Load every file for itself, also where another with the same program was loaded." };

    private readonly Option<int?> diskBudget = new("--disk-budget") { Description = "Gigabytes that fetched contents may take; over it, what is analysed is deleted, the oldest first." };

    public FetchOptions() => recheckShare.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
        {
            result.AddError("--recheck-share is a share; expected a number from 0 to 1");
        }
    });

    /// <summary>Also an option of <c>dynahug scan</c>.</summary>
    public static Option<bool> Full() => new("--full") { Description = "Fetch every file of a hub whole, also where its tensors cannot matter." };

    public void AddTo(Command command)
    {
        command.Add(full);
        command.Add(recheckShare);
        command.Add(loadEach);
        command.Add(diskBudget);
    }

    public long DiskBudgetBytes(ParseResult parsed) => parsed.GetValue(diskBudget) is { } gigabytes ? (long)gigabytes << 30 : long.MaxValue;

    public HubOptions Apply(ParseResult parsed, HubOptions hub) => hub with
    {
        Sparse = !parsed.GetValue(full),
        RecheckShare = parsed.GetValue(recheckShare),
        ShareTraces = !parsed.GetValue(loadEach),
    };
}
