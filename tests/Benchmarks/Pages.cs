using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Tests;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace DynaHug.Benchmarks;

/// <summary>
/// Asks a real node for its pages over a read model of many repos, of which a tenth is flagged: <c>Benchmarks pages COUNT [postgres]</c>. The rows are written by SQL, into an SQLite file
/// or a PostgreSQL server of its own, which go afterwards; each address is asked for the given number of times after one that warms up, and median and worst are printed.
/// </summary>
internal static class Pages
{
    private const int Times = 15;

    private static readonly string[] Addresses =
    [
        "/",
        "/?state=all&label=malicious",
        "/?state=false-alarm",
        "/?indicator=network-attempt",
        "/?indicator=network-attempt&state=confirmed",
        "/?cluster=task-7&minLikes=10",
        "/?state=all&since=7d&minScore=0.5",
        "/?state=all&author=author-99999",
        "/?group=payload",
        "/?group=author",
        "/?group=payload&state=all&indicator=network-attempt",
        "/?q=model-99",
        "/?q=nothing-of-this-name&state=all",
        "/?indicator=network-attempt&label=suspicious&cluster=task-7&state=all",
        "/?indicator=mass-deletion&state=all",
        "/?group=author&q=nothing-of-this-name&minScore=0.5",
        "/repos",
        "/repos?label=malicious",
        "/repos?q=nothing-of-this-name",
        "/repos?q=nothing-of-this-name&label=benign&cluster=task-7",
        "/repos?outcome=gated",
        "/repos?outcome=analysed",
        "/repos?outcome=timed-out",
        "/repos?outcome=gated&label=malicious",
        "/repos?outcome=analysed&label=unknown",
        "/repos?outcome=analysed&label=benign&cluster=task-7",
        "/repos?outcome=analysed&q=nothing-of-this-name",
        "/repos?outcome=analysed&q=model&label=unknown",
        "/repos?label=unknown&cluster=task-7",
        "/repos?q=author-99999/model",
        "/repos?q=zz",
        "/repos/author-77/model-777",
        "/overview",
        "/unknown?outcome=gated",
        "/audit",
        "/audit?action=confirmed",
        "/alerts",
        "/profiles",
        "/cluster",
        "/reports",
        "/jobs",
        "/notifications",
        "/api/v1/flagged?limit=100",
        "/api/v1/repos?limit=500",
        "/api/v1/repos?minScore=0.999",
        "/api/v1/repos?state=confirmed",
        "/api/v1/repos?author=author-99999",
        "/api/v1/repos?minScore=0.5&label=unknown&cluster=task-7",
        "/api/v1/repos?minScore=0.9&outcome=analysed&label=unknown",
        "/api/v1/repos?author=author-99999&label=benign&outcome=analysed",
        "/api/v1/repos?indicator=network-attempt&outcome=gated",
        "/api/v1/repos?indicator=network-attempt&outcome=analysed&label=benign",
        "/api/v1/repos?minLikes=10&label=unknown&outcome=analysed",
        "/audit?by=ann&action=took-raw-file",
        "/api/v1/verdicts/author-77/model-777",
    ];

    public static async Task RunAsync(int repos, bool onPostgres)
    {
        await using var server = onPostgres ? await PostgresServer.StartAsync(CancellationToken.None) : null;
        var database = server is null ? null : await server.MakeDatabaseAsync(CancellationToken.None);
        var folder = Directory.CreateTempSubdirectory("dynahug-pages-");
        try
        {
            var options = new NodeOptions
            {
                DataFolder = folder.FullName,
                Roles = [NodeRole.Coordinator],
                Port = 0,
                PollSeconds = 86_400,
                Database = database is null ? null : SqlStore.Postgres(database, password: null),
            };
            if (database is null)
            {
                await new ReadModelSchema(new ReadModelDatabase(options.ReadModel)).MigrateAsync(CancellationToken.None);
            }
            else
            {
                await Coordinator.Cli.CommandLine.RunAsync(["migrate", "--db", $"{database}"]);
            }

            await using (DbConnection connection = options.ReadModel.IsPostgres ? new NpgsqlConnection(options.ReadModel.ConnectionString) : new SqliteConnection(options.ReadModel.ConnectionString))
            {
                await WriteAsync(connection, repos);
            }

            await using var node = await Node.StartAsync(options, new HubOptions { Endpoint = new Uri("http://127.0.0.1:9/") }, CancellationToken.None);
            using var client = new HttpClient { BaseAddress = node.Dashboard, Timeout = TimeSpan.FromMinutes(5) };
            client.DefaultRequestHeaders.CacheControl = new CacheControlHeaderValue { NoCache = true };
            Console.WriteLine("| address | median ms | worst ms | KiB |");
            Console.WriteLine("| --- | --- | --- | --- |");
            foreach (var address in Addresses.Concat(await LaterPagesAsync(client)))
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

    /// <summary>A page deep in the list, and the second one of groups, by their cursors.</summary>
    private static async Task<IReadOnlyList<string>> LaterPagesAsync(HttpClient client)
    {
        var after = "";
        for (var page = 0; page < 20; page++)
        {
            using var answer = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync($"/api/v1/flagged?limit=500{after}"));
            after = $"&after={Uri.EscapeDataString(answer.RootElement.GetProperty("next").GetString()!)}";
        }

        return [$"/?state=all{after}", $"/?state=all&group=payload{after}"];
    }

    private static async Task WriteAsync(DbConnection connection, int repos)
    {
        var clock = Stopwatch.StartNew();
        await connection.OpenAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            foreach (var statement in Statements(repos, TimeProvider.System.GetUtcNow().UtcTicks, connection is SqliteConnection))
            {
                await ExecuteAsync(connection, statement);
            }

            await transaction.CommitAsync();
        }

        await ExecuteAsync(connection, connection is SqliteConnection ? "PRAGMA wal_checkpoint(TRUNCATE)" : "VACUUM ANALYZE");
        await using var size = connection.CreateCommand();
        size.CommandText = connection is SqliteConnection ? "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size" : "SELECT pg_database_size(current_database())";
        Console.WriteLine($"wrote {repos:N0} repos, {repos / 10:N0} of them flagged, in {clock.Elapsed.TotalSeconds:0} s: {(long)(await size.ExecuteScalarAsync())! >> 20:N0} MiB");
    }

    private static async Task ExecuteAsync(DbConnection connection, string statement)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Every tenth repo is flagged, every hundredth has a file that is gated; likes fall off as they do on a hub. A hash is a name's number between zeros: digits are hexadecimal too.
    /// </summary>
    private static IEnumerable<string> Statements(int repos, long now, bool isSqlite)
    {
        const string verdict = """{"label":"LABEL","outcome":"OUTCOME","reason":"","decision":null,"indicators":[],"reasons":["started a program: /usr/bin/id"],"profile":null,"environment":"env-1"}""";
        var flagged = verdict.Replace("LABEL", "malicious", StringComparison.Ordinal).Replace("OUTCOME", "analysed", StringComparison.Ordinal);
        var gated = verdict.Replace("LABEL", "unknown", StringComparison.Ordinal).Replace("OUTCOME", "gated", StringComparison.Ordinal);
        var benign = verdict.Replace("LABEL", "benign", StringComparison.Ordinal).Replace("OUTCOME", "analysed", StringComparison.Ordinal);
        var numbers = $"WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {repos - 1})";
        const string name = "'author-' || (i / 10) || '/model-' || i";
        var commit = $"'{new string('0', 28)}' || (100000000000 + i)";
        var hash = $"'{new string('0', 52)}' || (100000000000 + i)";
        var at = $"{now} - i * 10000000";
        yield return $"""
            INSERT INTO repos (id, author, task_cluster, likes, downloads, last_modified, gated, revision, left_out, observed_at, touched_at, label, score, provisional, reasons, judged_at, flagged_at, evidence, case_state, payload, outcomes, indicators)
            {numbers} SELECT {name}, 'author-' || (i / 10), 'task-' || (i % 30), {repos} / (i + 1), i % 5000, {now}, 1 = 0, {commit}, 2, {at}, {now},
            CASE WHEN i % 10 = 7 THEN 2 + i % 4 / 2 WHEN i % 100 = 1 THEN 1 ELSE 0 END, (i % 100) / 100.0, 1 = 0, '["pytorch_model.bin: started a program: /usr/bin/id"]', {at}, CASE WHEN i % 10 = 7 THEN {at} END,
            i % 10 = 7, CASE WHEN i % 30 = 7 THEN 'confirmed' ELSE 'new' END, CASE WHEN i % 10 = 7 THEN 'program-started: /usr/bin/tool-' || (i % 997) ELSE '' END,
            CASE WHEN i % 100 = 1 THEN '{Stored.EndOfLine}gated{Stored.EndOfLine}' ELSE '{Stored.EndOfLine}analysed{Stored.EndOfLine}' END, CASE WHEN i % 10 <> 7 THEN '' WHEN i % 3 = 0 THEN '{Stored.EndOfLine}network-attempt{Stored.EndOfLine}' ELSE '{Stored.EndOfLine}program-started{Stored.EndOfLine}' END FROM n
            """;
        yield return $"""
            INSERT INTO files (repo, path, task_cluster, size_bytes, content, artifact, outcome, label, score, scorable_in, scored_by, verdict)
            {numbers} SELECT {name}, 'pytorch_model.bin', 'task-' || (i % 30), 2048, 'sha256-' || {hash}, {hash},
            CASE WHEN i % 100 = 1 THEN 'gated' ELSE 'analysed' END, CASE WHEN i % 10 = 7 THEN 3 WHEN i % 100 = 1 THEN 1 ELSE 0 END, (i % 100) / 100.0, '', '',
            CASE WHEN i % 10 = 7 THEN '{flagged}' WHEN i % 100 = 1 THEN '{gated}' ELSE '{benign}' END FROM n
            """;
        yield return $"INSERT INTO repo_facets SELECT id, 'outcome', TRIM(outcomes, '{Stored.EndOfLine}') FROM repos";
        yield return $"INSERT INTO repo_facets SELECT id, 'indicator', TRIM(indicators, '{Stored.EndOfLine}') FROM repos WHERE indicators <> ''";
        yield return $"""
            INSERT INTO verdicts {numbers} SELECT i, {name}, {commit}, {at}, 0, 0, 'task-' || (i % 30), 1 = 0, '["behaves as benign loads do"]', 'p1', 'env-1', 1 = 0 FROM n
            """;
        yield return $"INSERT INTO audit {numbers} SELECT i, {at}, 'ann', 'confirmed', 'author-' || i, '' FROM n WHERE i % 10 = 7";
        yield return "INSERT INTO tallies SELECT 'repos', task_cluster, CASE label WHEN 0 THEN 'benign' WHEN 1 THEN 'unknown' WHEN 2 THEN 'suspicious' ELSE 'malicious' END, COUNT(*) FROM repos GROUP BY 2, 3";
        if (isSqlite)
        {
            yield return "INSERT INTO repo_names (id) SELECT id FROM repos";
        }

        yield return "INSERT INTO tallies SELECT 'files', task_cluster, outcome, COUNT(*) FROM files GROUP BY 2, 3";
    }
}
