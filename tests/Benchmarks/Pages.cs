using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Crawler.Hub;
using Microsoft.Data.Sqlite;

namespace DynaHug.Benchmarks;

/// <summary>
/// Asks a real node for its pages over a read model of many repos, of which a tenth is flagged: <c>Benchmarks pages COUNT</c>. The rows are written by SQL, in a folder that goes
/// afterwards; each address is asked for the given number of times after one that warms up, and median and worst are printed.
/// </summary>
internal static class Pages
{
    private const int Times = 15;

    private static readonly string[] Addresses =
    [
        "/",
        "/?state=all&label=malicious",
        "/?indicator=network-attempt",
        "/?cluster=task-7&minLikes=10",
        "/?state=all&since=7d&minScore=0.5",
        "/?group=payload",
        "/?group=author",
        "/?q=model-99",
        "/repos",
        "/repos?label=malicious",
        "/repos?outcome=gated",
        "/repos/author-77/model-777",
        "/overview",
        "/unknown?outcome=gated",
        "/audit",
        "/api/v1/flagged?limit=100",
        "/api/v1/repos?limit=500",
        "/api/v1/verdicts/author-77/model-777",
    ];

    public static async Task RunAsync(int repos)
    {
        var folder = Directory.CreateTempSubdirectory("dynahug-pages-");
        try
        {
            var options = new NodeOptions { DataFolder = folder.FullName, Roles = [NodeRole.Coordinator], Port = 0, PollSeconds = 86_400 };
            var database = new ReadModelDatabase(options.ReadModelFile);
            await new ReadModelSchema(database).MigrateAsync(CancellationToken.None);
            var clock = Stopwatch.StartNew();
            Write(database.File, repos);
            Console.WriteLine($"wrote {repos:N0} repos, {repos / 10:N0} of them flagged, in {clock.Elapsed.TotalSeconds:0} s, {new FileInfo(database.File).Length >> 20} MiB");
            await using var node = await Node.StartAsync(options, new HubOptions { Endpoint = new Uri("http://127.0.0.1:9/") }, CancellationToken.None);
            using var client = new HttpClient { BaseAddress = node.Dashboard, Timeout = TimeSpan.FromMinutes(5) };
            client.DefaultRequestHeaders.CacheControl = new CacheControlHeaderValue { NoCache = true };
            Console.WriteLine("| address | median ms | worst ms | KiB |");
            Console.WriteLine("| --- | --- | --- | --- |");
            foreach (var address in Addresses.Append(await SecondPageAsync(client)))
            {
                await MeasureAsync(client, address);
            }
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(HttpClient client, string address)
    {
        var times = new List<double>();
        var bytes = 0;
        for (var time = 0; time <= Times; time++)
        {
            var clock = Stopwatch.StartNew();
            bytes = (await client.GetByteArrayAsync(address)).Length;
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        var warm = times.Skip(1).Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| `{address}` | {warm[warm.Count / 2]:0} | {warm[^1]:0} | {bytes >> 10} |"));
    }

    /// <summary>A page deep in the list, by its cursor.</summary>
    private static async Task<string> SecondPageAsync(HttpClient client)
    {
        var after = "";
        for (var page = 0; page < 20; page++)
        {
            using var answer = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync($"/api/v1/flagged?limit=500{after}"));
            after = $"&after={Uri.EscapeDataString(answer.RootElement.GetProperty("next").GetString()!)}";
        }

        return $"/?state=all{after}";
    }

    private static void Write(string file, int repos)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        foreach (var statement in Statements(repos, TimeProvider.System.GetUtcNow().UtcTicks))
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }

        transaction.Commit();
        using var analyse = connection.CreateCommand();
        analyse.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        analyse.ExecuteNonQuery();
    }

    /// <summary>Every tenth repo is flagged, every hundredth has a file that is gated; likes fall off as they do on a hub.</summary>
    private static IEnumerable<string> Statements(int repos, long now)
    {
        const string verdict = """{"label":"LABEL","outcome":"OUTCOME","reason":"","decision":null,"indicators":[],"reasons":["started a program: /usr/bin/id"],"profile":null,"environment":"env-1"}""";
        var flagged = verdict.Replace("LABEL", "malicious", StringComparison.Ordinal).Replace("OUTCOME", "analysed", StringComparison.Ordinal);
        var gated = verdict.Replace("LABEL", "unknown", StringComparison.Ordinal).Replace("OUTCOME", "gated", StringComparison.Ordinal);
        var benign = verdict.Replace("LABEL", "benign", StringComparison.Ordinal).Replace("OUTCOME", "analysed", StringComparison.Ordinal);
        var numbers = $"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {repos - 1})";
        yield return $"""
            INSERT INTO repos (id, author, task_cluster, likes, downloads, last_modified, gated, revision, left_out, observed_at, touched_at, label, score, provisional, reasons, judged_at, flagged_at, evidence, case_state, payload)
            {numbers} SELECT 'author-' || (i / 10) || '/model-' || i, 'author-' || (i / 10), 'task-' || (i % 30), {repos} / (i + 1), i % 5000, {now}, 0, printf('%040x', i), 2, {now}, {now},
            CASE WHEN i % 10 = 7 THEN 2 + i % 4 / 2 WHEN i % 100 = 1 THEN 1 ELSE 0 END, (i % 100) / 100.0, 0, '["pytorch_model.bin: started a program: /usr/bin/id"]', {now} - i * 10000000, CASE WHEN i % 10 = 7 THEN {now} - i * 10000000 END,
            i % 10 = 7, CASE WHEN i % 30 = 7 THEN 'confirmed' ELSE 'new' END, CASE WHEN i % 10 = 7 THEN 'program-started: /usr/bin/tool-' || (i % 997) ELSE '' END FROM n
            """;
        yield return $"""
            INSERT INTO files {numbers} SELECT 'author-' || (i / 10) || '/model-' || i, 'pytorch_model.bin', 'task-' || (i % 30), 2048, 'sha256-' || printf('%064x', i), printf('%064x', i),
            CASE WHEN i % 100 = 1 THEN 'gated' ELSE 'analysed' END, CASE WHEN i % 10 = 7 THEN 3 WHEN i % 100 = 1 THEN 1 ELSE 0 END, (i % 100) / 100.0, '', '',
            CASE WHEN i % 10 = 7 THEN '{flagged}' WHEN i % 100 = 1 THEN '{gated}' ELSE '{benign}' END FROM n
            """;
        yield return $"INSERT INTO repo_indicators {numbers} SELECT 'author-' || (i / 10) || '/model-' || i, CASE WHEN i % 3 = 0 THEN 'network-attempt' ELSE 'program-started' END FROM n WHERE i % 10 = 7";
        yield return $"""
            INSERT INTO verdicts {numbers} SELECT i, 'author-' || (i / 10) || '/model-' || i, printf('%040x', i), {now} - i * 10000000, 0, 0, 'task-' || (i % 30), 0, '["behaves as benign loads do"]', 'p1', 'env-1' FROM n
            """;
        yield return $"INSERT INTO audit {numbers} SELECT i, {now} - i * 10000000, 'ann', 'confirmed', 'author-' || i, '' FROM n WHERE i % 10 = 7";
        yield return "INSERT INTO tallies SELECT 'repos', task_cluster, CASE label WHEN 0 THEN 'benign' WHEN 1 THEN 'unknown' WHEN 2 THEN 'suspicious' ELSE 'malicious' END, COUNT(*) FROM repos GROUP BY 2, 3";
        yield return "INSERT INTO tallies SELECT 'files', task_cluster, outcome, COUNT(*) FROM files GROUP BY 2, 3";
    }
}
