using System.Globalization;
using System.Text;
using System.Text.Json;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Evaluation.Live;

/// <summary>The live study as files: report.md with its tables, report.json with the same rows, and a chart each for ROC, decision values and training sizes.</summary>
internal static class LiveReport
{
    private static readonly string[] Header = ["row", "fitted on", "false alarms", "of benign", "one call more found", "of", "payloads found", "of"];

    public static void Write(string folder, LiveStudy study, IReadOnlyList<LiveLoad> loads)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "report.md"), Markdown(study, loads));
        File.WriteAllText(Path.Combine(folder, "report.json"), JsonSerializer.Serialize(study.Rows, Json.Indented) + "\n");
        File.WriteAllText(Path.Combine(folder, "roc.svg"), SvgPlot.Of("ROC: files with a payload against unseen benign files", "share of benign loads flagged", "share of payloads found", study.Roc));
        File.WriteAllText(Path.Combine(folder, "values.svg"), SvgPlot.Of("Decision values of the default recipe (negative: outlier)", "decision value", "% of loads", study.Values));
        File.WriteAllText(Path.Combine(folder, "sizes.svg"), SvgPlot.Of("Default recipe by training files", "training files", "%", study.BySize));
    }

    private static string Markdown(LiveStudy study, IReadOnlyList<LiveLoad> loads)
    {
        var text = new StringBuilder("# Live study\n\n")
            .Append(CultureInfo.InvariantCulture, $"{loads.Count(load => load.IsBenign)} benign loads of {loads.Select(load => load.Group).Distinct().Count()} sample hubs and {loads.Count(load => !load.IsBenign)} of benign files with a harmless payload, ")
            .Append(CultureInfo.InvariantCulture, $"in environment `{loads[0].Environment}`. Fitted on hub 1, judged on the others.\n");
        foreach (var table in study.Rows.GroupBy(row => row.Table))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {char.ToUpperInvariant(table.Key[0])}{table.Key[1..]}\n\n").Append(Line(Header)).Append(Line(Header.Select(_ => "---")));
            foreach (var row in table)
            {
                text.Append(Line(new object[] { row.Row, row.Training, row.FalseAlarms, row.Benign, row.OneMoreFound, row.OneMore, row.InjectedFound, row.Injected }
                    .Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture)!)));
            }
        }

        text.Append("\n## One call more that the default recipe misses\n\n")
            .Append(study.Missed.Count == 0 ? "None.\n" : string.Concat(study.Missed.Select(entry => $"- {entry.Key}: {entry.Value}\n")))
            .Append("\n![ROC](roc.svg)\n![decision values](values.svg)\n![training sizes](sizes.svg)\n");
        return text.ToString();
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}
