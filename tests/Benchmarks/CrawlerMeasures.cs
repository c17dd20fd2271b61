using System.Diagnostics.Metrics;
using System.Globalization;
using DynaHug.Crawler.Fetching;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Static;
using DynaHug.Shared.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DynaHug.Benchmarks;

/// <summary>
/// <c>crawler listing REPOS</c> lists a generated hub (<see cref="Listing"/>). What fetching costs, against a hub that runs elsewhere: <c>crawler sparse HUB</c> compares reading in part with reading whole for every file of the hub,
/// <c>crawler download HUB REPO FILE</c> times one file, hashed and stored. eng/measure_crawler.sh starts the hubs and compares with curl.
/// </summary>
internal static class CrawlerMeasures
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case ["sparse", var hub]:
                await CompareAsync(new Uri(hub));
                return 0;
            case ["listing", var repos]:
                await Listing.RunAsync(int.Parse(repos, CultureInfo.InvariantCulture));
                return 0;
            case ["download", var hub, var repo, var file]:
                await DownloadAsync(new Uri(hub), RepoId.Parse(repo), file);
                return 0;
            default:
                await Console.Error.WriteLineAsync("usage: crawler listing REPOS | crawler sparse HUB | crawler download HUB REPO FILE");
                return 4;
        }
    }

    private static async Task CompareAsync(Uri hub)
    {
        using var counted = new Counted();
        Console.WriteLine("| file | size | whole: bytes, requests | in part: bytes, requests |");
        Console.WriteLine("|---|---|---|---|");
        await using var whole = Services(hub, sparse: false);
        await using var parts = Services(hub, sparse: true);
        var sums = new long[5];
        await foreach (var repo in whole.GetRequiredService<HubClient>().ListAsync(HubQuery.All))
        {
            if (await whole.GetRequiredService<HubClient>().ReadRevisionAsync(repo.Repo, null, CancellationToken.None) is not RevisionAnswer.Found found)
            {
                continue;
            }

            foreach (var file in found.Revision.Files.Where(file => ModelFiles.IsCandidate(file.Path)))
            {
                var all = await CountAsync(counted, () => whole.GetRequiredService<Fetcher>().FetchPartsAsync(repo.Repo, found.Revision.Commit, file, CancellationToken.None));
                var part = await CountAsync(counted, () => parts.GetRequiredService<Fetcher>().FetchPartsAsync(repo.Repo, found.Revision.Commit, file, CancellationToken.None));
                Console.WriteLine($"| {repo.Repo}/{file.Path} | {file.Size:N0} | {all.Bytes:N0}, {all.Requests} | {part.Bytes:N0}, {part.Requests} |");
                foreach (var (index, value) in new[] { file.Size, all.Bytes, all.Requests, part.Bytes, part.Requests }.Index())
                {
                    sums[index] += value;
                }
            }
        }

        Console.WriteLine($"| all | {sums[0]:N0} | {sums[1]:N0}, {sums[2]} | {sums[3]:N0}, {sums[4]} |");
    }

    private static async Task DownloadAsync(Uri hub, RepoId repo, string path)
    {
        await using var services = Services(hub, sparse: false);
        var found = (RevisionAnswer.Found)await services.GetRequiredService<HubClient>().ReadRevisionAsync(repo, null, CancellationToken.None);
        var file = found.Revision.Files.Single(file => file.Path == path);
        var started = TimeProvider.System.GetTimestamp();
        var result = await services.GetRequiredService<Fetcher>().FetchAsync(repo, found.Revision.Commit, file, CancellationToken.None);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine($"{result}: {file.Size:N0} bytes in {seconds:0.00} s, {file.Size / seconds / 1e6:0} MB/s");
    }

    private static async Task<(long Bytes, long Requests)> CountAsync(Counted counted, Func<Task<FetchResult>> fetch)
    {
        var (bytes, requests) = (counted.Bytes, counted.Requests);
        await fetch();
        return (counted.Bytes - bytes, counted.Requests - requests);
    }

    private static ServiceProvider Services(Uri hub, bool sparse) => new ServiceCollection()
        .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
        .AddSingleton(TimeProvider.System)
        .AddSingleton<BlobStore>(new BlobFolder(Directory.CreateTempSubdirectory("dynahug-measure-").FullName))
        .AddHub(new HubOptions { Endpoint = hub, Sparse = sparse })
        .BuildServiceProvider();

    /// <summary>Sums of the instruments that count bytes and requests.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly MeterListener listener = new();
        private long bytes;
        private long requests;

        public Counted()
        {
            listener.InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == Instruments.Name)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            {
                if (instrument == Instruments.FetchedBytes)
                {
                    Interlocked.Add(ref bytes, value);
                }
                else if (instrument == Instruments.HubRequests)
                {
                    Interlocked.Add(ref requests, value);
                }
            });
            listener.Start();
        }

        public long Bytes => Interlocked.Read(ref bytes);

        public long Requests => Interlocked.Read(ref requests);

        public void Dispose() => listener.Dispose();
    }
}
