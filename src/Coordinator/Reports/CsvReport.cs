using System.Globalization;
using System.Text;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Reports;

/// <summary>Flagged files as CSV (RFC 4180), a line a file. Spreadsheets run what begins with an equals sign and the like; such text gets an apostrophe before it (OWASP, CSV injection).</summary>
internal static class CsvReport
{
    private const string Formulas = "=+-@\t\r";

    private static readonly string[] Header =
        ["repo", "revision", "path", "sha256", "label", "case", "score", "decision", "outcome", "indicators", "reasons", "task_cluster", "profile", "environment", "flagged_at"];

    public static string Of(HubReport report)
    {
        var text = new StringBuilder().AppendJoin(',', Header).Append("\r\n");
        foreach (var entry in report.Flagged)
        {
            string?[] fields =
            [
                entry.Repo,
                entry.Revision,
                entry.Path,
                entry.Sha256?.Hex,
                entry.Label.Name(),
                entry.Case,
                Number(entry.Score),
                Number(entry.Decision),
                entry.Outcome.Name(),
                string.Join(' ', entry.Indicators.Select(indicator => indicator.Id).Distinct()),
                string.Join(" | ", entry.Reasons),
                entry.TaskCluster,
                entry.Profile,
                entry.Environment,
                entry.FlaggedAt?.ToString("O", CultureInfo.InvariantCulture),
            ];
            text.AppendJoin(',', fields.Select(Field)).Append("\r\n");
        }

        return text.ToString();
    }

    internal static string Field(string? value)
    {
        var text = value ?? "";
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        text = text.Length > 0 && Formulas.Contains(text[0]) && !isNumber ? $"'{text}" : text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string? Number(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);
}
