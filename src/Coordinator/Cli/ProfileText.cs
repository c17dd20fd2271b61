using System.Globalization;
using System.Text;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Training;
using DynaHug.Shared;
using DynaHug.Shared.Profiles;

namespace DynaHug.Coordinator.Cli;

/// <summary>Profiles in words.</summary>
internal static class ProfileText
{
    private const int ShownChanges = 20;

    public static string List(IReadOnlyList<ProfileSummary> versions) => TextTable.Of(
        ["cluster", "version", "state", "loads", "false alarms", "recall", "fitted", "would change", "id", "environment"],
        versions.Select(version => (IReadOnlyList<string>)
        [
            version.TaskCluster, Number(version.Version), State(version), Number(version.TrainingLoads), Percent(version.FalseAlarmRate), Percent(version.Recall),
            Moment(version.FittedAt), version.Comparison is { } compared ? $"+{compared.NewlyFlagged} -{compared.Cleared} of {compared.Traces}" : "", version.Blob.Hex[..12], version.Environment,
        ]));

    public static string Show(ProfileSummary version, Profile profile)
    {
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"{version.TaskCluster} version {version.Version}, {State(version)}")
            .AppendLine(CultureInfo.InvariantCulture, $"id            {version.Blob}")
            .AppendLine(CultureInfo.InvariantCulture, $"environment   {version.Environment}")
            .AppendLine(CultureInfo.InvariantCulture, $"fitted        {Moment(version.FittedAt)} on {version.TrainingLoads} loads")
            .AppendLine(CultureInfo.InvariantCulture, $"detector      {version.Detector} ({Pairs(profile.Hyperparameters)})")
            .AppendLine(CultureInfo.InvariantCulture, $"validation    {Percent(version.FalseAlarmRate)} false alarms out of fold, {Percent(version.Recall)} of perturbed and injected loads found; {profile.Validation.Candidates?.Count ?? 0} choices tried");
        if (profile.Manifest is { } manifest)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"training set  {manifest.Rule}")
                .AppendLine(CultureInfo.InvariantCulture, $"formats       {Pairs(manifest.Formats)}")
                .AppendLine(CultureInfo.InvariantCulture, $"left out      {Pairs(manifest.LeftOut)}")
                .AppendLine(CultureInfo.InvariantCulture, $"injected      {manifest.Injected?.Count ?? 0} files with a payload took part in the validation")
                .AppendLine(CultureInfo.InvariantCulture, $"references    {manifest.References?.Count ?? 0} files of ours taught formats that the training set lacks");
        }

        return text.Append(version.Comparison is { } compared ? $"compared      {Changes(compared)}" : "compared      no").ToString();
    }

    public static string Diff(ProfileSummary version, ProfileComparison comparison, ComparisonDetails details)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{version.TaskCluster} version {version.Version}: {Changes(comparison)}");
        text.AppendLine(comparison.Against is { } before ? $"compared with {before.Hex[..12]}, which was active then" : "no profile was active then");
        Append(text, "newly flagged", details.NewlyFlagged, comparison.NewlyFlagged);
        Append(text, "cleared", details.Cleared, comparison.Cleared);
        foreach (var canary in details.CanariesLost.Take(ShownChanges))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"no longer found: {canary}");
        }

        return text.ToString().TrimEnd();
    }

    public static string Changes(ProfileComparison compared) => string.Create(
        CultureInfo.InvariantCulture,
        $"newly flags {compared.NewlyFlagged} and clears {compared.Cleared} of {compared.Traces} stored traces; finds {compared.CanariesCaught} of {compared.Canaries} loads known to be bad, {compared.CanariesLost} lost{(compared.Waiting.Length > 0 ? $"; waits for a person: {compared.Waiting}" : "")}");

    private static void Append(StringBuilder text, string title, IReadOnlyList<VerdictChange> changes, int all)
    {
        foreach (var change in changes.Take(ShownChanges))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{title}: {Printable.Of(change.Files is [var file, ..] ? file : change.Artifact, 160)}: {change.Why}");
        }

        if (all > ShownChanges)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{title}: {all - ShownChanges} more (--json shows up to {Comparer.MostChanges})");
        }
    }

    private static string State(ProfileSummary version) => version.Comparison is { Waiting.Length: > 0 } && version.State == "candidate" ? "waiting" : version.State;

    private static string Pairs<T>(IEnumerable<KeyValuePair<string, T>> pairs) => string.Join(", ", pairs.Select(pair => $"{(pair.Key.Length > 0 ? pair.Key : "unknown")} {pair.Value}"));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
