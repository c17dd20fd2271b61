using DynaHug.Coordinator.Reports;
using DynaHug.Shared;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using Spectre.Console;

namespace DynaHug.Coordinator.Cli;

/// <summary>Scan records for people.</summary>
internal static class ScanTable
{
    /// <summary>Columns of a table in a file, which no terminal has a width for.</summary>
    private const int FileWidth = 160;

    /// <param name="file">Where to write; the terminal when null.</param>
    public static void Print(IReadOnlyList<ScanRecord> records, TextWriter? file)
    {
        var console = file is null ? AnsiConsole.Console : AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(file) });
        console.Profile.Width = file is null ? console.Profile.Width : FileWidth;
        if (records.Count == 0)
        {
            console.MarkupLine("no file here is one that a loader would open");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("label", "file", "format", "outcome", "why");
        foreach (var record in records.OrderByDescending(record => record.Label))
        {
            table.AddRow(
                Coloured(record.Label),
                Text(record.Path),
                Text(record.Format),
                Text(record.Outcome.Name()),
                string.Join('\n', record.Reasons.Take(4).Select(Text)));
        }

        console.Write(table);
        var counts = records.GroupBy(record => record.Label).OrderByDescending(group => group.Key).Select(group => $"{group.Count()} {group.Key.Name()}");
        console.WriteLine(string.Join(", ", counts));
    }

    public static string Coloured(Label label) => label switch
    {
        Label.Malicious => "[red bold]malicious[/]",
        Label.Suspicious => "[yellow]suspicious[/]",
        Label.Benign => "[green]benign[/]",
        _ => "[grey]unknown[/]",
    };

    private static string Text(string hostile) => Printable.Of(hostile, 200).EscapeMarkup();
}
