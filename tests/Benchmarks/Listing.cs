using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace DynaHug.Benchmarks;

/// <summary>
/// Lists a generated hub into persistent, sharded entities: <c>crawler listing REPOS</c>. The hub and a node that is a coordinator only are processes of their own, the real
/// program both; printed are the rate, the node's processor time and its peak memory, and in the end what its journal and its read model hold.
/// </summary>
internal static partial class Listing
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(int repos)
    {
        var folder = Directory.CreateTempSubdirectory("dynahug-listing-");
        try
        {
            using var hub = Processes.Dynahug("hub", "serve", folder.CreateSubdirectory("hub").FullName, "--port", "0", "--synthetic", $"{repos}");
            var address = await hub.PrintedAsync(HubAddress());
            var data = Path.Combine(folder.FullName, "data");
            using var node = Processes.Dynahug("up", "--hub", address, "--data", data, "--roles", "coordinator", "--port", "0", "--poll", "86400");
            var dashboard = new Uri(await node.PrintedAsync(Dashboard()));
            _ = node.StandardOutput.ReadToEndAsync();
            await WatchAsync(node, dashboard, Path.Combine(data, "readmodel.db"), repos);
            Console.WriteLine($"entities with a journal of their own: {Count(Path.Combine(data, "journal.db"), "SELECT COUNT(DISTINCT persistence_id) FROM journal WHERE persistence_id LIKE 'repo-%'"):N0}");
            Console.WriteLine($"journal {new FileInfo(Path.Combine(data, "journal.db")).Length >> 20} MiB, read model {new FileInfo(Path.Combine(data, "readmodel.db")).Length >> 20} MiB");
            node.Kill();
            hub.Kill();
            await Task.WhenAll(node.WaitForExitAsync(), hub.WaitForExitAsync());
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static async Task WatchAsync(Process node, Uri dashboard, string readModel, int repos)
    {
        using var client = new HttpClient { BaseAddress = dashboard };
        var clock = Stopwatch.StartNew();
        var listedAfter = default(TimeSpan?);
        for (var shown = 0L; shown < repos;)
        {
            await Task.Delay(Glance);
            var listed = await ListedAsync(client);
            shown = Count(readModel, "SELECT COALESCE(SUM(amount), 0) FROM tallies WHERE kind = 'repos'");
            listedAfter ??= listed >= repos ? clock.Elapsed : null;
            node.Refresh();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{clock.Elapsed.TotalSeconds:0} s: {listed:N0} repos listed, {shown:N0} in the read model, memory {node.MemoryOf("VmRSS")} MiB, peak {node.MemoryOf("VmHWM")} MiB, processor {node.TotalProcessorTime.TotalSeconds:0} s"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{repos:N0} repos: listed at {repos / listedAfter!.Value.TotalSeconds:0} a second, in the read model at {repos / clock.Elapsed.TotalSeconds:0} a second, {node.TotalProcessorTime.TotalMilliseconds / repos:0.00} ms of processor time each, peak memory {node.MemoryOf("VmHWM")} MiB"));
    }

    private static async Task<long> ListedAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("api/hub");
        return answer.IsSuccessStatusCode && ListedCount().Match(await answer.Content.ReadAsStringAsync()) is { Success: true } match
            ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : 0;
    }

    private static long Count(string database, string query)
    {
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return (long)command.ExecuteScalar()!;
    }

    [GeneratedRegex(@"hub at (http://\S+)")]
    private static partial Regex HubAddress();

    [GeneratedRegex(@"dashboard\s+(http://\S+)")]
    private static partial Regex Dashboard();

    [GeneratedRegex(@"""listed"":(\d+)")]
    private static partial Regex ListedCount();
}
