using System.Globalization;
using DynaHug.Coordinator.Traces;
using DynaHug.Shared;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tracing;
using Spectre.Console;

namespace DynaHug.Coordinator.Cli;

/// <summary>A trace for people. Every text in it is hostile and printed bounded, escaped and without control characters.</summary>
internal static class TraceText
{
    private const int MostRows = 60;
    private const int MostProcesses = 200;

    /// <param name="events">Events of the load to list in their order.</param>
    public static void Print(RunRecord run, TraceSummary summary, int events)
    {
        var load = new LoadWindow(run);
        Head(load, summary);
        Indicators(summary);
        Processes(summary);
        Rows("opened", ["times", "for", "path"], Opened(load));
        Rows("addresses", ["times", "call", "address"], Addresses(load));
        Rows("system calls of the load", ["calls", "name"], summary.Counts.OrderByDescending(entry => entry.Value).Select(entry => Row(Number(entry.Value), Syscalls.NameOf(entry.Key))), most: int.MaxValue);
        Said("missing modules", load.Report?.Missing ?? []);
        Said("calls of what is missing", (load.Report?.Calls ?? []).Select(call => $"{call.Name}({call.Arguments})"));
        Said("Python's audit events", (load.Report?.Audit ?? []).Select(call => $"{call.Name}({call.Arguments})"));
        Said("standard output", Lines(summary.StandardOutput));
        Said("standard error", Lines(summary.StandardError));
        if (events > 0)
        {
            Rows($"events ({Math.Min(events, load.Events.Count)} of {load.Events.Count})", ["#", "process", "what"], load.Events.Take(events).Select((seen, at) => Row(Number(at), $"{seen.Process}/{seen.Thread}", EventText.Of(seen))), int.MaxValue);
        }
    }

    private static void Head(LoadWindow load, TraceSummary summary)
    {
        var facts = new Grid().AddColumn().AddColumn();
        Fact("environment", summary.Environment);
        Fact("outcome", summary.Reason.Length > 0 ? $"{summary.Outcome.Name()}: {summary.Reason}" : summary.Outcome.Name());
        Fact("complete", summary.Complete ? "yes: start marker, last exit and end of stream seen, nothing dropped" : $"no ({load.Run.Dropped} events dropped)");
        Fact("time", string.Create(CultureInfo.InvariantCulture, $"{summary.Seconds:0.00} s"));
        if (load.Report is { } report)
        {
            Fact("loader says", $"{report.Outcome}, {report.ProcessorSeconds.ToString("0.00", CultureInfo.InvariantCulture)} CPU s, at most {report.PeakMemoryKilobytes / 1024} MB resident, file of {report.Bytes} bytes");
            foreach (var attempt in report.Attempts.Take(MostRows))
            {
                Fact("", $"{attempt.Loader} {attempt.Member}: {attempt.Outcome} {attempt.Error}".Trim());
            }
        }

        AnsiConsole.Write(facts);

        void Fact(string name, string value) => facts.AddRow(name, Text(value));
    }

    private static void Indicators(TraceSummary summary)
    {
        var rows = summary.Indicators.Select(indicator => Row(indicator.Id, IndicatorCatalogue.WeightOf(indicator).ToString().ToLowerInvariant(), indicator.Evidence));
        Rows("indicators", ["id", "weight", "evidence"], rows, int.MaxValue);
        if (summary.Indicators.Count == 0)
        {
            AnsiConsole.MarkupLine("no indicators");
        }
    }

    private static void Processes(TraceSummary summary)
    {
        if (summary.Processes.Count < 2)
        {
            return;
        }

        Title("processes");
        foreach (var (process, depth) in ProcessForest.Ordered([.. summary.Processes.Take(MostProcesses)]))
        {
            var command = process.Command.Length > 0 ? process.Command : depth == 0 ? "the loader" : "(forked, ran no program)";
            AnsiConsole.MarkupLine($"{new string(' ', 2 * Math.Min(depth, 20))}{process.Pid} {Text(command)}");
        }
    }

    private static IEnumerable<string[]> Opened(LoadWindow load) => load.Points(TracePoint.Open)
        .Where(point => point.Event.Path.Length > 0)
        .GroupBy(point => (point.Event.Path, Writes: LoadWindow.IsForWriting(point.Event)))
        .Select(same => Row(Number(same.Count()), same.Key.Writes ? "writing" : "reading", same.Key.Path));

    private static IEnumerable<string[]> Addresses(LoadWindow load) => load.Events
        .Where(seen => seen.Point is TracePoint.Connect or TracePoint.Bind)
        .GroupBy(seen => (seen.Point, Address: seen.Address?.ToString() ?? (seen.Path.Length > 0 ? seen.Path : $"family {seen.AddressFamily}")))
        .Select(same => Row(Number(same.Count()), same.Key.Point.ToString().ToLowerInvariant(), same.Key.Address));

    private static void Rows(string title, string[] columns, IEnumerable<string[]> rows, int most = MostRows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            return;
        }

        Title(title);
        var table = new Table().Border(TableBorder.Simple).AddColumns(columns);
        foreach (var row in all.Take(most))
        {
            table.AddRow([.. row.Select(Text)]);
        }

        AnsiConsole.Write(table);
        if (all.Count > most)
        {
            AnsiConsole.MarkupLine($"{all.Count - most} more; --format json and --events N have all");
        }
    }

    private static void Said(string title, IEnumerable<string> lines)
    {
        var all = lines.Take(MostRows).ToList();
        if (all.Count == 0)
        {
            return;
        }

        Title(title);
        all.ForEach(line => AnsiConsole.MarkupLine($"  {Text(line)}"));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void Title(string title) => AnsiConsole.MarkupLine($"[bold]{Text(title)}[/]");

    private static string[] Row(params string[] cells) => cells;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(string hostile) => Printable.Of(hostile, 400).EscapeMarkup();
}
