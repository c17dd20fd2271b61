using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace DynaHug.Coordinator.Tests.Telemetry;

/// <summary>Debian's Prometheus on a free loopback port, scraping one address every second, in a folder that goes with it.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    public const string Program = "/usr/bin/prometheus";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-prometheus-");
    private readonly HttpClient client;
    private readonly Process process;

    /// <param name="rules">File of alert rules.</param>
    public PrometheusServer(Uri scraped, string rules)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = listener.LocalEndpoint.ToString();
        listener.Stop();
        var configuration = Path.Combine(folder.FullName, "prometheus.yml");
        File.WriteAllText(configuration, $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [ "{{rules}}" ]
            scrape_configs:
              - job_name: dynahug
                static_configs: [ { targets: [ "{{scraped.Authority}}" ] } ]
            """);
        client = new HttpClient { BaseAddress = new Uri($"http://{address}/") };
        process = Process.Start(new ProcessStartInfo(
            Program, [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder.FullName, "data")}", $"--web.listen-address={address}", "--log.level=error"])
        {
            WorkingDirectory = folder.FullName,
        })!;
    }

    /// <summary>Value of the first series of a query, once there is one.</summary>
    public async Task<double> ValueAsync(string query, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (await AskAsync($"api/v1/query?query={Uri.EscapeDataString(query)}", cancel) is { } answer && answer.GetProperty("result") is var series && series.GetArrayLength() > 0)
            {
                return double.Parse(series[0].GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture);
            }

            clock.Elapsed.ShouldBeLessThan(Patience, $"no series of {query}");
            await Task.Delay(250, cancel);
        }
    }

    /// <summary>Each alert rule with what Prometheus says of its health, once all were evaluated.</summary>
    public async Task<IReadOnlyDictionary<string, string>> RulesAsync(CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var answer = await AskAsync("api/v1/rules", cancel);
            var health = answer?.GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())
                .ToDictionary(rule => rule.GetProperty("name").GetString()!, rule => rule.GetProperty("health").GetString()!);
            if (health is { Count: > 0 } && !health.ContainsValue("unknown"))
            {
                return health;
            }

            clock.Elapsed.ShouldBeLessThan(Patience, "the rules are not evaluated");
            await Task.Delay(250, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Delete(recursive: true);
    }

    /// <summary>Null while it is starting.</summary>
    private async Task<JsonElement?> AskAsync(string address, CancellationToken cancel)
    {
        try
        {
            return (await client.GetFromJsonAsync<JsonElement>(address, cancel)).GetProperty("data");
        }
        catch (HttpRequestException)
        {
            process.HasExited.ShouldBeFalse("Prometheus ended by itself");
            return null;
        }
    }
}
