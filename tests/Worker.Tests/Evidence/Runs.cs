using System.Net;
using DynaHug.Shared.Tracing;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Tests.Evidence;

/// <summary>Sandbox runs made by hand: a loader with process id 1 that starts, does what a test says, and ends.</summary>
internal static class Runs
{
    public const int LoaderProcess = 1;

    /// <summary>Seed of a home that belongs to emma.</summary>
    public const string Honey = "test";

    public const string LoadedReport = """{"outcome":"loaded","bytes":1000,"cpu":0.1,"memory":300000}""";

    public static TraceEvent Start { get; } = Call("getpgid", LoadMarkers.Start);

    public static TraceEvent End { get; } = Call("getpgid", LoadMarkers.End);

    public static TraceEvent Exit { get; } = new(TracePoint.TaskExit, LoaderProcess, LoaderProcess, -1, []);

    /// <summary>A complete run: start marker, the given events, end marker, exit.</summary>
    public static RunRecord With(params TraceEvent[] events) => Of([Start, .. events, End, Exit]);

    /// <summary>A complete run that ends before the loader could say so.</summary>
    public static RunRecord Cut(params TraceEvent[] events) => Of([Start, .. events, Exit]) with { LoaderReport = null };

    public static RunRecord Of(params TraceEvent[] events) =>
        new("test", Honey, events, 0, EndOfStream: true, RunEnd.Exited, 0, "", "", LoadedReport, 0.5);

    public static RunRecord Reporting(string report, params TraceEvent[] events) => With(events) with { LoaderReport = report };

    public static TraceEvent Call(string name, params ulong[] arguments) => CallOf(LoaderProcess, name, arguments);

    public static TraceEvent CallOf(int process, string name, params ulong[] arguments) =>
        new(TracePoint.Syscall, process, process, Syscalls.NumberOf(name) ?? throw new ArgumentException(name), [.. arguments, .. new ulong[6 - arguments.Length]]);

    public static TraceEvent Open(string path, long flags = 0) => new(TracePoint.Open, LoaderProcess, LoaderProcess, 257, [], path, Status: flags);

    public static TraceEvent Exec(int process, params string[] argv) => new(TracePoint.Exec, process, process, -1, [], argv[0], argv);

    public static TraceEvent ExecAttempt(int process, string path, params string[] argv) => new(TracePoint.ExecAttempt, process, process, 59, [], path, argv);

    public static TraceEvent Fork(int child, int parent = LoaderProcess) => new(TracePoint.Clone, parent, parent, -1, [], Created: child, CreatedProcess: child);

    public static TraceEvent Thread(int id) => new(TracePoint.Clone, LoaderProcess, LoaderProcess, -1, [], Created: id, CreatedProcess: LoaderProcess);

    public static TraceEvent Ended(int thread, int process, long status = 0) => new(TracePoint.TaskExit, process, thread, -1, [], Status: status);

    public static TraceEvent Connect(string address, int port) =>
        new(TracePoint.Connect, LoaderProcess, LoaderProcess, 42, [], Address: new IPEndPoint(IPAddress.Parse(address), port), AddressFamily: 2);

    public static TraceEvent ConnectUnix(string path) => new(TracePoint.Connect, LoaderProcess, LoaderProcess, 42, [], path, AddressFamily: 1);

    public static string[] Ids(RunRecord run) => [.. TraceReader.Summarise(run).Indicators.Select(indicator => indicator.Id).Distinct()];
}
