using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Traces;
using DynaHug.Shared.Wire;
using DynaHug.Worker.Evidence;

namespace DynaHug.Coordinator.Cli;

/// <summary>How a trace is printed.</summary>
internal enum TraceFormat
{
    [JsonStringEnumMemberName("text")] Text,
    [JsonStringEnumMemberName("json")] Json,
}

/// <summary><c>dynahug trace</c>: stored traces, read again by this version's rules without a sandbox.</summary>
internal static class TraceCommand
{
    public static Command Create() => new("trace", "Look into what loads did, from their stored traces; no sandbox is needed.") { Show() };

    private static Command Show()
    {
        var trace = new Argument<string>("trace")
        {
            Description = "A trace file; the id of a trace ('trace' of scan --format json; first digits do); or a model file, or its SHA-256, that a node with this data folder, or a cluster, has analysed.",
        };
        var format = new Option<TraceFormat>("--format") { Description = "How to print: text for people, json (the facts that verdicts are made of) for programs.", DefaultValueFactory = _ => TraceFormat.Text };
        var events = new Option<int>("--events") { Description = "Print the first N events of the load in their order; 0 for none.", DefaultValueFactory = _ => 0 };
        events.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--events takes a number from 0 on");
            }
        });
        var data = new StoredData();
        var command = new Command("show", "Print a trace: outcome, indicators, processes, files, addresses, system calls. Its indicators and counts are worked out anew from the stored events.")
        {
            trace, format, events,
        };
        data.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var stored = new StoredTraces(data.Read(parsed));
            var run = await stored.FindAsync(parsed.GetRequiredValue(trace), cancel);
            var summary = TraceReader.Summarise(run);
            if (parsed.GetValue(format) == TraceFormat.Json)
            {
                Console.WriteLine(JsonSerializer.Serialize(summary, Json.Indented));
            }
            else
            {
                TraceText.Print(run, summary, parsed.GetValue(events));
            }

            return ExitCode.Clean;
        });
        return command;
    }
}
