using System.Globalization;
using System.Text;
using System.Text.Json;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Evaluation;

/// <summary>Prints rows: for people a line a row with published, recomputed and ours side by side; as JSON an array with one object a row and recipe.</summary>
internal static class EvaluationReport
{
    private static readonly string[] Header = ["row", "cluster", "published", "recomputed", "ours (default)", "note"];

    public static string Of(IReadOnlyList<EvaluationRow> rows, EvaluateFormat format) => format switch
    {
        EvaluateFormat.Json => JsonSerializer.Serialize(rows, Json.Indented) + "\n",
        EvaluateFormat.Markdown => ForPeople(rows, (text, table) => text.Append($"### Table {table}\n\n"), MarkdownLine, separator: true),
        _ => ForPeople(rows, (text, table) => text.Append($"Table {table}\n"), TextLines(rows), separator: false),
    };

    private static string ForPeople(IReadOnlyList<EvaluationRow> rows, Action<StringBuilder, int> title, Func<string[], string> line, bool separator)
    {
        var text = new StringBuilder();
        foreach (var table in rows.GroupBy(row => row.Table))
        {
            title(text, table.Key);
            text.Append(line(Header));
            if (separator)
            {
                text.Append(line([.. Header.Select(_ => "---")]));
            }

            foreach (var cells in Lines(table))
            {
                text.Append(line(cells));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string[]> Lines(IEnumerable<EvaluationRow> table) =>
        from row in table
        group row by (row.Row, row.Cluster) into line
        let ours = line.FirstOrDefault(row => row.Recipe == "default")
        let theirs = line.FirstOrDefault(row => row.Recipe != "default")
        select new[]
        {
            line.Key.Row,
            line.Key.Cluster,
            Figures(line.First().Published),
            theirs?.Fp is null ? "not possible" : Figures(theirs),
            ours is null ? "" : Figures(ours),
            string.Join("; ", new[] { line.First().Published?.Note, theirs?.Note }.Where(note => !string.IsNullOrEmpty(note))),
        };

    private static string Figures(Published? published) => published is null
        ? ""
        : string.Join(", ", new[]
        {
            published.Fp is { } fp ? $"FP {fp}" : null,
            published.Fn is { } fn ? $"FN {fn}" : null,
            published.F1 is { } f1 ? $"F1 {Ratio(f1)}" : null,
        }.Where(figure => figure is not null));

    private static string Figures(EvaluationRow row) => $"FP {row.Fp}, FN {row.Fn}, F1 {Ratio(row.F1 ?? 0)}";

    private static string Ratio(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string MarkdownLine(string[] cells) => $"| {string.Join(" | ", cells)} |\n";

    private static Func<string[], string> TextLines(IReadOnlyList<EvaluationRow> rows)
    {
        var lines = rows.GroupBy(row => row.Table).SelectMany(Lines).Append(Header).ToList();
        var widths = Enumerable.Range(0, Header.Length).Select(cell => lines.Max(line => line[cell].Length)).ToArray();
        return cells => string.Join("  ", cells.Select((cell, place) => cell.PadRight(widths[place]))).TrimEnd() + "\n";
    }
}
