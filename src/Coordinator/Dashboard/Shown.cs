using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>How values read on pages and in reports.</summary>
public static class Shown
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Names of labels, gravest first, then <c>open</c> for repos without a verdict.</summary>
    public static readonly IReadOnlyList<string> LabelOrder =
        [Label.Malicious.Name(), Label.Suspicious.Name(), Label.Unknown.Name(), Label.Benign.Name(), "open"];

    public static string Revision(string commit) => commit.Length > 10 ? commit[..10] : commit;

    public static string Score(double? score) => score is { } known ? known.ToString("0.00") : "–";

    public static string Percent(double part) => part.ToString("0.0 %");

    public static string Size(long bytes)
    {
        var unit = 0;
        double size = bytes;
        while (size >= 1024 && unit < Units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return unit == 0 ? $"{bytes} B" : $"{size:0.#} {Units[unit]}";
    }

    /// <summary>Counts in a few characters: 950, 12.3k, 4.5M.</summary>
    public static string Count(long count) => count switch
    {
        < 1000 => $"{count}",
        < 1_000_000 => $"{count / 1000.0:0.#}k",
        _ => $"{count / 1_000_000.0:0.#}M",
    };

    /// <summary>A span of time in its two largest parts or less.</summary>
    public static string Ago(DateTimeOffset moment, DateTimeOffset now) => (now - moment) switch
    {
        { TotalSeconds: < 5 } => "just now",
        { TotalMinutes: < 1 } span => $"{(int)span.TotalSeconds} s ago",
        { TotalHours: < 1 } span => $"{(int)span.TotalMinutes} min ago",
        { TotalDays: < 1 } span => $"{(int)span.TotalHours} h ago",
        { TotalDays: < 60 } span => $"{(int)span.TotalDays} d ago",
        _ => $"on {moment.UtcDateTime:yyyy-MM-dd}",
    };

    public static string Moment(DateTimeOffset moment) => $"{moment.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";

    /// <summary>Colour of an outcome: only what can be benign looks so.</summary>
    public static string OutcomeTone(string outcome) =>
        outcome == Outcome.Analysed.Name() || outcome == Outcome.NothingToExecute.Name() ? "benign"
        : outcome == "open" ? "open"
        : "unknown";

    /// <summary>What a label means, in one sentence.</summary>
    public static string Meaning(Label? label) => label switch
    {
        Label.Malicious => "Loading this model does what no honest model does.",
        Label.Suspicious => "Something about this model is not as it should be; a person should look.",
        Label.Benign => "Loading this model does nothing unusual.",
        Label.Unknown => "Not all of this model could be analysed, so nothing can be said for it.",
        _ => "This revision is still being analysed.",
    };
}
