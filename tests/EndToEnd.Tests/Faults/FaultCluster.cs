using System.Diagnostics;
using DynaHug.Shared.Tests;

namespace DynaHug.EndToEnd.Tests.Faults;

/// <summary>
/// A hub, a PostgreSQL server, coordinators, a crawler and workers, each a process of its own on loopback. What befalls them is real; so is what is asked of the
/// database afterwards.
/// </summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(4);

    private static readonly string[] Coordinators = ["coordinator-0", "coordinator-1", "coordinator-2"];

    private readonly TempFolder folder = new();
    private readonly Dictionary<string, Dynahug> nodes = [];
    private readonly Dictionary<string, Place> places = [];
    private readonly HashSet<string> waitedFor = [];
    private readonly HashSet<string> wanted = [];
    private readonly int hubPort = Loopback.FreePort();
    private Network? network;
    private Dynahug? hub;
    private string database = "";
    private Uri? address;

    /// <summary>What nodes that are started from now on run: a build's <c>dynahug.dll</c>.</summary>
    public string Program { get; set; } = Dynahug.Program;

    public static string WhyNot => SmallHub.WhyNot.Length > 0 ? SmallHub.WhyNot : PostgresServer.WhyNot;

    /// <summary>Nodes that have ended by themselves and were started again, as an orchestrator does: a machine that is too busy to answer for seconds is cut off.</summary>
    public int Restarts { get; private set; }

    public PostgresServer Postgres { get; private set; } = null!;

    public IReadOnlyList<string> Repos { get; private set; } = [];

    public string HubFolder => folder.Under("hub");

    /// <summary>Folder of the blob store.</summary>
    public string Blobs => folder.Under("blobs");

    /// <summary>The network between nodes; only of a cluster that was made with one.</summary>
    public Network Network => network ?? throw new InvalidOperationException("the nodes of this cluster reach each other directly");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A migrated database and a hub that is served; no node yet.</summary>
    /// <param name="relayed">Whether nodes reach each other through a <see cref="Faults.Network"/> that can be cut.</param>
    /// <param name="program">See <see cref="Program"/>; the one that was built with these tests by default.</param>
    public static async Task<FaultCluster> MakeAsync(int benign, bool relayed = false, string? program = null)
    {
        var cluster = new FaultCluster { Postgres = await PostgresServer.StartAsync(Cancel), Program = program ?? Dynahug.Program };
        cluster.address = await cluster.Postgres.MakeDatabaseAsync(Cancel);
        cluster.database = cluster.address.AbsolutePath.Trim('/');
        cluster.Repos = await SmallHub.MakeAsync(cluster.HubFolder, benign);
        await cluster.MigrateAsync();
        cluster.network = relayed ? new Network() : null;
        await cluster.StartHubAsync();
        return cluster;
    }

    /// <summary>Brings the tables to the version that <see cref="Program"/> works with.</summary>
    public async Task MigrateAsync()
    {
        await using var migration = Dynahug.StartOf(Program, new Dictionary<string, string?>(), "migrate", "--db", $"{address}");
        (await migration.ExitAsync(Soon)).ExitCode.ShouldBe(0, migration.Errors);
    }

    /// <summary>Serves the hub, again at the same address.</summary>
    /// <param name="faults">Options of <c>dynahug hub serve</c> that make it behave badly.</param>
    public async Task StartHubAsync(params string[] faults)
    {
        hub = Dynahug.Start(["hub", "serve", HubFolder, "--port", $"{hubPort}", .. faults]);
        await hub.PrintsAsync(@"hub at (http://\S+)", Soon);
    }

    public Task KillHubAsync() => hub!.KillAsync();

    /// <summary>Starts three coordinators, a crawler and a worker.</summary>
    public async Task StartAllAsync()
    {
        foreach (var name in Coordinators)
        {
            await Start(name).PrintsAsync(@"dashboard\s+http", Soon);
        }

        Start("crawler-0");
        Start("worker-0");
    }

    /// <summary>Starts a node, or starts it again with the folder that it had.</summary>
    /// <param name="name">A role and a number, for instance <c>coordinator-0</c>.</param>
    public Dynahug Start(string name)
    {
        wanted.Add(name);
        var role = name.Split('-')[0];
        var place = PlaceOf(name);
        return nodes[name] = Dynahug.StartOf(Program, new Dictionary<string, string?>(),
        [
            "up", "--hub", $"http://127.0.0.1:{hubPort}", "--roles", role, "--data", folder.Under(name), "--blobs", Blobs, "--port", "0", "--poll", "2",
            "--cluster-port", $"{place.Port}", "--host", place.Host,
            .. Coordinators.Select(PlaceOf).SelectMany(seed => new[] { "--seed", $"{seed.Host}:{seed.Port}" }),
            .. role == "coordinator" ? new[] { "--db", address!.ToString() } : [],
        ]);
    }

    public Dynahug this[string name] => nodes[name];

    /// <summary>Pushes one more benign repo to the hub, while nodes work.</summary>
    public async Task PushAsync(int number)
    {
        var made = folder.Under($"pushed-{number}");
        await SmallHub.WriteBenignAsync(made, number);
        var pushed = await Dynahug.RunAsync("hub", "push", HubFolder, $"pushed/model-{number}", Path.Combine(made, "pytorch_model.bin"), "--pipeline-tag", SmallHub.Tag);
        pushed.ExitCode.ShouldBe(0, pushed.Errors);
        Repos = [.. Repos, $"pushed/model-{number}"];
    }

    /// <summary>SIGTERM, as an orchestrator ends a node, and its successor with the same folder.</summary>
    public async Task ReplaceAsync(string name)
    {
        await SignalAsync(name, "TERM");
        var ended = await nodes[name].ExitAsync(Soon);
        ended.ExitCode.ShouldBeOneOf(0, name.StartsWith("coordinator", StringComparison.Ordinal) ? 2 : 0); // 2: before the first pass was over
        await Start(name).PrintsAsync(@"metrics\s+http", Soon);
    }

    /// <summary>SIGKILL, as when a machine is gone.</summary>
    public Task KillAsync(string name)
    {
        wanted.Remove(name);
        return nodes[name].KillAsync();
    }

    public async Task SignalAsync(string name, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{nodes[name].ProcessId}"]);
        await kill.WaitForExitAsync(Cancel);
    }

    /// <summary>The one number that a statement gives; null while the database is away.</summary>
    public async Task<long?> CountAsync(string statement)
    {
        try
        {
            return long.Parse(await Postgres.QueryAsync(database, statement, Cancel), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public async Task UntilAsync(string statement, Func<long, bool> holds, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        long? last = null;
        while (clock.Elapsed < limit)
        {
            foreach (var name in wanted.Where(name => nodes[name].HasExited).ToList())
            {
                Restarts++;
                Start(name);
            }

            last = await CountAsync(statement);
            if (last is { } count && holds(count))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), Cancel);
        }

        throw new TimeoutException($"'{statement}' gives {last} after {limit}; nodes printed:\n{string.Join("\n--\n", nodes.Select(node => $"{node.Key} {(node.Value.HasExited ? "(ended)" : "")}\n{node.Value.Errors}"))}\n{Logs()}");
    }

    /// <summary>Every observed revision has its one current verdict, and no result was stored twice.</summary>
    public async Task SettleAsync(TimeSpan limit)
    {
        await UntilAsync($"SELECT COUNT(*) FROM repos WHERE label IS NOT NULL", judged => judged == Repos.Count, limit);
        (await CountAsync("SELECT COUNT(*) FROM repos")).ShouldBe(Repos.Count);
        (await CountAsync("SELECT COUNT(*) FROM (SELECT persistence_id FROM journal WHERE manifest = 'artifact.analysed/1' GROUP BY persistence_id HAVING COUNT(*) > 1) twice")).ShouldBe(0, "a content is analysed once");
        (await CountAsync("SELECT COUNT(*) FROM (SELECT persistence_id FROM journal WHERE manifest = 'repo.revision-observed/1' GROUP BY persistence_id HAVING COUNT(*) > 1) twice")).ShouldBe(0, "a revision is observed once");
        (await CountAsync("SELECT COUNT(*) FROM artifacts WHERE is_open")).ShouldBe(0);
        (await CountAsync("SELECT COUNT(*) FROM files WHERE verdict IS NULL")).ShouldBe(0);
        (await CountAsync("SELECT COALESCE(SUM(amount), 0) FROM tallies WHERE kind = 'repos'")).ShouldBe(Repos.Count, "running counts are exact");
        (await CountAsync("SELECT COALESCE(SUM(amount), 0) FROM tallies WHERE kind = 'files'")).ShouldBe(await CountAsync("SELECT COUNT(*) FROM files"));
    }

    /// <summary>Contents and file lists that were given up for failures of ours.</summary>
    public async Task<long?> GivenUpAsync() =>
        await CountAsync("SELECT COUNT(*) FROM artifacts WHERE outcome = 'error'")
        + await CountAsync("SELECT COUNT(*) FROM repos WHERE label IS NOT NULL AND NOT EXISTS (SELECT 1 FROM files WHERE files.repo = repos.id)");

    /// <summary>Waits until a file with these bytes lies in a sandbox of a worker, another one than those that were waited for before: a killed worker leaves them behind.</summary>
    public async Task UntilLoadedAsync(string name, byte[] bytes)
    {
        var clock = Stopwatch.StartNew();
        bool IsNew(string file) =>
            new FileInfo(file) is { Exists: true } found && found.Length == bytes.Length && File.ReadAllBytes(file).AsSpan().SequenceEqual(bytes) && waitedFor.Add(file);
        while (!LoadedBy(name).Any(IsNew))
        {
            if (clock.Elapsed > Soon)
            {
                throw new TimeoutException($"no sandbox of {name} has the file after {Soon}; {nodes[name].Errors}\n{Logs()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancel);
        }
    }

    /// <summary>Sandboxes of this cluster's workers that still run.</summary>
    public int Sandboxes() => Process.GetProcesses().Count(process =>
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(folder.Path, StringComparison.Ordinal)
                && File.ReadAllText($"/proc/{process.Id}/comm").Contains("runsc", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });

    /// <summary>Model files in the sandboxes of a worker; folders come and go meanwhile.</summary>
    private IReadOnlyList<string> LoadedBy(string name)
    {
        try
        {
            return Directory.Exists(folder.Under(name, "sandbox")) ? Directory.GetFiles(folder.Under(name, "sandbox"), "file", SearchOption.AllDirectories) : [];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>The last lines of each node's log.</summary>
    public string Logs() => string.Join('\n', nodes.Keys.Select(name =>
    {
        var logs = Path.Combine(folder.Under(name), "logs");
        return !Directory.Exists(logs) ? "" : $"== {name}\n{string.Join('\n', Directory.EnumerateFiles(logs).SelectMany(File.ReadLines).TakeLast(25))}";
    }));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes.Values)
        {
            await node.DisposeAsync();
        }

        if (hub is not null)
        {
            await hub.DisposeAsync();
        }

        if (network is not null)
        {
            await network.DisposeAsync();
        }

        await Postgres.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>Where a node is reached by others: at its own address, or at that of its relay, with the same port.</summary>
    private Place PlaceOf(string name)
    {
        if (!places.TryGetValue(name, out var place))
        {
            var port = Loopback.FreePort();
            places[name] = place = new Place(network?.Add(name, port) ?? "127.0.0.1", port);
        }

        return place;
    }

    private sealed record Place(string Host, int Port);
}
