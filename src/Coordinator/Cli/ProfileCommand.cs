using System.CommandLine;
using DynaHug.Coordinator.Hosting;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug profile</c>: the profiles of a data folder.</summary>
internal static class ProfileCommand
{
    public static Command Create() => new("profile", "List, fit, compare, activate and move the profiles of a data folder.")
    {
        List(), Show(), Fit(), Diff(), Activate(), Rollback(), Export(), Import(),
    };

    private static Command List()
    {
        var data = new StoredData();
        var json = Json();
        var command = new Command("list", "Every version of every profile, the newest first. Works beside a running node or cluster.") { json };
        data.AddTo(command);
        command.SetAction((parsed, cancel) => new ProfileRunner(data.Read(parsed), Console.Out).ListAsync(parsed.GetValue(json), cancel));
        return command;
    }

    private static Command Show()
    {
        var (data, cluster, version, environment, json) = (new StoredData(), Cluster(), Version(), EnvironmentOption(), Json());
        var command = new Command("show", "One version: what it was fitted on, how it was chosen, what it would change. Works beside a running node or cluster.") { cluster, version, environment, json };
        data.AddTo(command);
        command.SetAction((parsed, cancel) => new ProfileRunner(data.Read(parsed), Console.Out)
            .ShowAsync(Selected(parsed, cluster, version, environment), parsed.GetValue(json), cancel));
        return command;
    }

    private static Command Fit()
    {
        var (data, cluster, environment) = (CommonOptions.Data(), Cluster(), EnvironmentOption());
        var activate = new Option<bool>("--activate") { Description = "Let it score whatever it changes; else it is a candidate until the policy or a person activates it." };
        var command = new Command("fit", "Fit a candidate on the stored traces and compare it with the active profile. No sandbox runs; no node may run on the folder.") { cluster, data, environment, activate };
        command.SetAction((parsed, cancel) => new ProfileRunner(Own(parsed, data), Console.Out)
            .FitAsync(Selected(parsed, cluster, null, environment), parsed.GetValue(activate), cancel));
        return command;
    }

    private static Command Diff()
    {
        var (data, cluster, version, environment, json) = (new StoredData(), Cluster(), Version(), EnvironmentOption(), Json());
        var command = new Command("diff", "What a version would newly flag and clear, found out before anything changed. Works beside a running node or cluster.") { cluster, version, environment, json };
        data.AddTo(command);
        command.SetAction((parsed, cancel) => new ProfileRunner(data.Read(parsed), Console.Out)
            .DiffAsync(Selected(parsed, cluster, version, environment), parsed.GetValue(json), cancel));
        return command;
    }

    private static Command Activate()
    {
        var (data, cluster, version, environment) = (CommonOptions.Data(), Cluster(), Version(), EnvironmentOption());
        var command = new Command("activate", "Let a version score, the newest by default. Verdicts follow when a node runs; no node may run on the folder now (its Profiles page does the same).") { cluster, data, version, environment };
        command.SetAction((parsed, cancel) => new ProfileRunner(Own(parsed, data), Console.Out).ActivateAsync(Selected(parsed, cluster, version, environment), cancel));
        return command;
    }

    private static Command Rollback()
    {
        var (data, cluster, environment) = (CommonOptions.Data(), Cluster(), EnvironmentOption());
        var command = new Command("rollback", "Go back to the version that scored before; its decisions are kept, nothing is computed again. No node may run on the folder.") { cluster, data, environment };
        command.SetAction((parsed, cancel) => new ProfileRunner(Own(parsed, data), Console.Out).RollbackAsync(Selected(parsed, cluster, null, environment), cancel));
        return command;
    }

    private static Command Export()
    {
        var (data, cluster, version, environment) = (new StoredData(), Cluster(), Version("the one that scores, or else the newest,"), EnvironmentOption());
        var file = new Argument<string>("file") { Description = "Where to write the profile (docs/profile-format.md)." };
        var command = new Command("export", "Write a version's file. Works beside a running node or cluster.") { cluster, file, version, environment };
        data.AddTo(command);
        command.SetAction((parsed, cancel) => new ProfileRunner(data.Read(parsed), Console.Out)
            .ExportAsync(Selected(parsed, cluster, version, environment), parsed.GetRequiredValue(file), cancel));
        return command;
    }

    private static Command Import()
    {
        var data = CommonOptions.Data();
        var file = new Argument<string>("file") { Description = "A profile file that was exported." };
        var activate = new Option<bool>("--activate") { Description = "Let it score whatever it changes." };
        var command = new Command("import", "Take in a profile file as the next version of its task cluster and compare it. No node may run on the folder.") { file, data, activate };
        command.SetAction((parsed, cancel) => new ProfileRunner(Own(parsed, data), Console.Out)
            .ImportAsync(parsed.GetRequiredValue(file), parsed.GetValue(activate), cancel));
        return command;
    }

    /// <summary>A folder that the command owns for the time; profiles of a cluster are changed by its pages and API.</summary>
    private static NodeOptions Own(ParseResult parsed, Option<string> data) => new() { DataFolder = Path.GetFullPath(parsed.GetRequiredValue(data)) };

    private static ProfileSelection Selected(ParseResult parsed, Argument<string> cluster, Option<int?>? version, Option<string?> environment) =>
        new(parsed.GetRequiredValue(cluster), version is null ? null : parsed.GetValue(version), parsed.GetValue(environment));

    private static Argument<string> Cluster() => new("cluster") { Description = "Task cluster: a pipeline tag, or not-clustered." };

    private static Option<int?> Version(string byDefault = "the newest") => new("--version") { Description = $"Version number; {byDefault} by default." };

    private static Option<string?> EnvironmentOption() => new("--environment") { Description = "Environment of the traces; the newest by default." };

    private static Option<bool> Json() => new("--json") { Description = "Print JSON." };
}
