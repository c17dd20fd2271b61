using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using DynaHug.Shared.Tests;

namespace DynaHug.Benchmarks.Replay;

/// <summary>
/// What a cluster does in a second where nothing is fetched and nothing loaded: queues, entities, journal, and read model on a PostgreSQL server of its own, with the trace of one real load said
/// again for every file. <c>replay alone REPOS</c> runs it in one process, <c>replay cluster REPOS</c> as a coordinator and a node with the slots, <c>replay recovery REPOS</c> times how the work
/// of so many open repos comes back after everything was killed, <c>replay failover</c> how long nothing moves once the coordinator with the singletons is killed.
/// </summary>
internal sealed partial class ReplayMeasures : IAsyncDisposable
{
    private const int Slots = 64;
    private const int MostOpen = 500;
    private const int Coordinators = 3;

    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-replay-");
    private readonly List<Process> processes = [];
    private PostgresServer postgres = null!;
    private Uri database = null!;
    private string load = "";

    private static int Fresh { get; set; }

    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var measures = new ReplayMeasures();
        switch (arguments)
        {
            case [("alone" or "cluster") and var form, var repos]:
                await measures.PrepareAsync();
                await measures.ThroughputAsync(Number(repos), asCluster: form == "cluster");
                return 0;
            case ["recovery", var repos]:
                await measures.PrepareAsync();
                await measures.RecoveryAsync(Number(repos));
                return 0;
            case ["failover"]:
                await measures.PrepareAsync();
                await measures.FailoverAsync();
                return 0;
            default:
                await Console.Error.WriteLineAsync("usage: replay alone REPOS | replay cluster REPOS | replay recovery REPOS | replay failover");
                return 4;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await EndAsync(process);
            process.Dispose();
        }

        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    private async Task PrepareAsync()
    {
        load = Path.Combine(folder.FullName, "load.json");
        (await ReplayedLoad.RecordAsync(folder.FullName)).Save(load);
        postgres = await PostgresServer.StartAsync(CancellationToken.None);
        database = await postgres.MakeDatabaseAsync(CancellationToken.None);
        await Coordinator.Cli.CommandLine.RunAsync(["migrate", "--db", $"{database}"]);
    }

    private async Task ThroughputAsync(int repos, bool asCluster)
    {
        var seed = asCluster ? await StartCoordinatorsAsync(1) : "";
        await StartAsync(Node(seed) with { Repos = repos });
        var clock = Stopwatch.StartNew();
        await UntilJudgedAsync(repos, clock);
        var used = processes.Sum(process => Refreshed(process).TotalProcessorTime.TotalMilliseconds);
        var megabytes = await QueryAsync("SELECT pg_database_size(current_database()) >> 20");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{repos:N0} artifacts: {repos / clock.Elapsed.TotalSeconds:0} a second, {used / repos:0.00} ms of processor time each beside PostgreSQL, database {megabytes:N0} MiB"));
    }

    private async Task RecoveryAsync(int repos)
    {
        var before = await StartAsync(Node() with { Repos = repos, MostOpen = repos, Tracing = 0 });
        await UntilAsync("SELECT COALESCE(SUM(amount), 0) FROM tallies WHERE kind = 'artifacts' AND item = 'fetched'", repos, Stopwatch.StartNew());
        await EndAsync(before.Process);

        var clock = Stopwatch.StartNew();
        var queueing = await StartAsync(Node() with { Tracing = 0 });
        using (var client = new HttpClient { BaseAddress = queueing.Address })
        {
            while (WaitingTraces().Matches(await client.GetStringAsync("metrics")).Sum(match => Number(match.Groups[1].Value)) is var waiting && waiting < repos)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:0} s: {waiting:N0} jobs are back, {MemoryOf(queueing.Process)}"));
                await Task.Delay(TimeSpan.FromSeconds(2));
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{repos:N0} jobs were back {clock.Elapsed.TotalSeconds:0} s after the start, {MemoryOf(queueing.Process)}"));
        await EndAsync(queueing.Process);

        clock.Restart();
        await StartAsync(Node());
        await UntilJudgedAsync(repos, clock);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{repos:N0} repos had their verdicts {clock.Elapsed.TotalSeconds:0} s after the start"));
    }

    private async Task FailoverAsync()
    {
        const string analysed = "SELECT COALESCE(MAX(ordering), 0) FROM journal WHERE manifest = 'artifact.analysed/1'";
        var seed = await StartCoordinatorsAsync(Coordinators);
        await StartAsync(Node(seed) with { Repos = int.MaxValue, MostOpen = 200 });
        await Task.Delay(TimeSpan.FromSeconds(30));
        var before = await QueryAsync("SELECT COUNT(*) FROM journal WHERE manifest = 'artifact.analysed/1'");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"before the kill: {before:N0} artifacts analysed"));

        await EndAsync(processes[0]);
        var (clock, last, since, longest) = (Stopwatch.StartNew(), await QueryAsync(analysed), TimeSpan.Zero, TimeSpan.Zero);
        while (clock.Elapsed < TimeSpan.FromSeconds(120))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200));
            if (await QueryAsync(analysed) is var now && now > last)
            {
                (longest, since, last) = (TimeSpan.FromTicks(Math.Max(longest.Ticks, (clock.Elapsed - since).Ticks)), clock.Elapsed, now);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"after the kill nothing was analysed for {Math.Max(longest.TotalSeconds, (clock.Elapsed - since).TotalSeconds):0.0} s at most"));
    }

    private ReplayNode Node(string seed = "") => new(
        Path.Combine(folder.FullName, $"node-{++Fresh}"), seed.Length > 0 ? "" : $"{database}", seed, load, Repos: 0, MostOpen, Slots, Slots);

    private async Task<(Process Process, Uri Address)> StartAsync(ReplayNode node)
    {
        var process = Processes.Benchmarks(node.Arguments);
        processes.Add(process);
        var address = new Uri(await process.PrintedAsync(NodeAddress()));
        _ = process.StandardOutput.ReadToEndAsync();
        return (process, address);
    }

    /// <summary>The real program, without slots, beside a hub that is empty.</summary>
    /// <returns>Address to join them at.</returns>
    private async Task<string> StartCoordinatorsAsync(int count)
    {
        var ports = Enumerable.Range(0, count).Select(_ => FreePort()).ToList();
        var hub = Processes.Dynahug("hub", "serve", folder.CreateSubdirectory("hub").FullName, "--port", "0");
        var address = await hub.PrintedAsync(HubAddress());
        foreach (var port in ports)
        {
            var coordinator = Processes.Dynahug(
                ["up", "--hub", address, "--roles", "coordinator", "--data", Path.Combine(folder.FullName, $"coordinator-{port}"), "--db", $"{database}", "--port", "0", "--poll", "86400",
                 "--cluster-port", $"{port}", .. ports.SelectMany(seed => new[] { "--seed", $"127.0.0.1:{seed}" })]);
            processes.Add(coordinator);
            await coordinator.PrintedAsync(Dashboard());
            _ = coordinator.StandardOutput.ReadToEndAsync();
        }

        processes.Add(hub);
        return $"127.0.0.1:{ports[^1]}";
    }

    private Task UntilJudgedAsync(int repos, Stopwatch clock) => UntilAsync("SELECT COALESCE(SUM(amount), 0) FROM tallies WHERE kind = 'repos' AND item <> 'open'", repos, clock);

    private async Task UntilAsync(string statement, int wanted, Stopwatch clock)
    {
        var (before, at) = (0L, clock.Elapsed);
        for (var count = 0L; count < wanted;)
        {
            await Task.Delay(before < wanted - (wanted / 50) ? Glance : TimeSpan.FromSeconds(1));
            count = await QueryAsync(statement);
            var memory = string.Join(", ", processes.Where(process => !process.HasExited).Select(MemoryOf));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:0} s: {count:N0}, {(count - before) / (clock.Elapsed - at).TotalSeconds:0} a second, {memory}"));
            (before, at) = (count, clock.Elapsed);
        }
    }

    private async Task<long> QueryAsync(string statement) =>
        long.Parse(await postgres.QueryAsync(database.AbsolutePath.Trim('/'), statement, CancellationToken.None), CultureInfo.InvariantCulture);

    private static string MemoryOf(Process process) =>
        string.Create(CultureInfo.InvariantCulture, $"memory {process.MemoryOf("VmRSS")} MiB (peak {process.MemoryOf("VmHWM")}), processor {Refreshed(process).TotalProcessorTime.TotalSeconds:0} s");

    private static Process Refreshed(Process process)
    {
        process.Refresh();
        return process;
    }

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"node at (http://\S+)")]
    private static partial Regex NodeAddress();

    [GeneratedRegex(@"hub at (http://\S+)")]
    private static partial Regex HubAddress();

    [GeneratedRegex(@"dashboard\s+(http://\S+)")]
    private static partial Regex Dashboard();

    [GeneratedRegex(@"(?m)^dynahug_queue_jobs\{(?=[^}]*trace-queue)(?=[^}]*waiting)[^}]*\} (\d+)")]
    private static partial Regex WaitingTraces();
}
