using System.Net;
using DynaHug.Crawler.Hub;
using DynaHug.Crawler.Hub.Transport;
using DynaHug.Crawler.Sparse;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Telemetry;
using Microsoft.Extensions.Logging;

namespace DynaHug.Crawler.Fetching;

/// <summary>
/// Brings files from the hub into the blob store, resuming after cuts, also those of an earlier process. Nothing is adopted before
/// its size and hash are those that the hub declared.
/// </summary>
public sealed class Fetcher
{
    /// <summary>Answers without a single new byte, one after the other, before the hub counts as not delivering.</summary>
    private const int FruitlessAnswers = 5;

    /// <summary>Answers to one file altogether; a connection cut after each few bytes would otherwise keep a crawler for ever.</summary>
    private const int MaxAnswers = 1000;

    /// <summary>Bytes that are hashed and written at a time: two such buffers fit into a processor's own cache.</summary>
    private const int BufferBytes = 1 << 18;

    private readonly IHubApi api;
    private readonly HubAnswer answers;
    private readonly HubOptions options;
    private readonly AddressRule rule;
    private readonly BlobStore blobs;
    private readonly SparseFetcher sparse;
    private readonly TimeProvider clock;
    private readonly ILogger<Fetcher> logger;

    internal Fetcher(IHubApi api, HubAnswer answers, HubOptions options, AddressRule rule, BlobStore blobs, SparseFetcher sparse, TimeProvider clock, ILogger<Fetcher> logger)
    {
        this.api = api;
        this.answers = answers;
        this.options = options;
        this.rule = rule;
        this.blobs = blobs;
        this.sparse = sparse;
        this.clock = clock;
        this.logger = logger;
    }

    /// <summary>Fetches of one file of one commit what its analysis takes: parts where they are enough, else all of it.</summary>
    /// <exception cref="HubException">The hub cannot be used, or keeps cutting the connection.</exception>
    /// <exception cref="BlobStoreException">The store cannot be used, for instance a full disk.</exception>
    public async Task<FetchResult> FetchPartsAsync(RepoId repo, string commit, RepoFile file, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(repo);
        ArgumentNullException.ThrowIfNull(file);
        var here = file.Content.Sha256 is { } known && await blobs.ContainsAsync(known, cancel);
        if (options.Sparse && !here && file.Size <= options.MaxFileBytes && HubPath.IsSafe(file.Path))
        {
            var ranges = new HubRanges(api, answers, options, rule, clock, repo, commit, file);
            if (await sparse.TryFetchAsync(ranges, file, cancel) is { } parts)
            {
                return parts;
            }
        }

        return await FetchAsync(repo, commit, file, cancel);
    }

    /// <summary>What the load of a stored file may be shared by; null where it is loaded for itself.</summary>
    public async Task<Sha256?> ProgramOfAsync(Sha256 artifact, CancellationToken cancel)
    {
        using var local = await blobs.OpenAsync(BlobKey.Of(artifact), cancel);
        return await sparse.TryShareAsync(local.Path, cancel);
    }

    /// <summary>Fetches one file of one commit whole, unless its content is in the store already.</summary>
    /// <exception cref="HubException">The hub cannot be used, or keeps cutting the connection.</exception>
    /// <exception cref="BlobStoreException">The store cannot be used, for instance a full disk.</exception>
    public async Task<FetchResult> FetchAsync(RepoId repo, string commit, RepoFile file, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(repo);
        ArgumentNullException.ThrowIfNull(file);
        if (file.Content.Sha256 is { } known && await blobs.TryRenewAsync(BlobKey.Of(known), cancel))
        {
            return new FetchResult.Stored(known);
        }

        if (file.Size > options.MaxFileBytes)
        {
            return new FetchResult.NotFetched(Outcome.TooLarge, $"{file.Size} bytes; at most {options.MaxFileBytes} are fetched");
        }

        if (!HubPath.IsSafe(file.Path))
        {
            return new FetchResult.NotFetched(Outcome.Error, $"'{Printable.Of(file.Path, 100)}' is no safe path");
        }

        await using var partial = PartialFile.Open(blobs, file.Content);
        var first = await DeliverAsync(repo, commit, file, partial, cancel);
        if (first is not FetchResult.NotFetched { Outcome: Outcome.Corrupt } wrong)
        {
            return first;
        }

        logger.LogWarning("{Repo} {Path}: {Reason}; fetching it once more from the start", repo, Printable.Of(file.Path, 200), wrong.Reason);
        return await DeliverAsync(repo, commit, file, partial, cancel);
    }

    /// <summary>Fetches what is missing and checks the whole. Bytes that are not as declared do not stay.</summary>
    private async Task<FetchResult> DeliverAsync(RepoId repo, string commit, RepoFile file, PartialFile partial, CancellationToken cancel)
    {
        await using var download = new Download(file, partial, cancel);
        await download.BeginAsync();
        var fruitless = 0;
        for (var answer = 0; !download.IsWhole; answer++)
        {
            if (fruitless == FruitlessAnswers || answer == MaxAnswers)
            {
                throw new HubException($"hub {options.Endpoint} cuts the download of {repo} {Printable.Of(file.Path, 200)} again and again, at last after {download.Have} of {file.Size} bytes");
            }

            if (fruitless > 0)
            {
                await Task.Delay(options.RetryDelay * (1 << (fruitless - 1)), clock, cancel);
            }

            var before = download.Have;
            try
            {
                if (await AskAsync(repo, commit, file, download, cancel) is { } refusal)
                {
                    return refusal;
                }
            }
            catch (HubException failure) when (RefusedRedirectException.In(failure) is { } refused)
            {
                return new FetchResult.NotFetched(Outcome.Error, refused.Message);
            }

            fruitless = download.Have > before ? 0 : fruitless + 1;
            if (download.SlowSource is { } source)
            {
                // Whatever stops this, one stream goes on behind it or says what is wrong.
                download.SlowSource = null;
                await ParallelParts.TakeAllAsync(new HubRanges(api, answers, options, rule, clock, repo, commit, file, source), download, cancel);
            }
        }

        return await download.FinishAsync(blobs);
    }

    /// <summary>One request and what its answer brings; null to go on.</summary>
    private async Task<FetchResult?> AskAsync(RepoId repo, string commit, RepoFile file, Download download, CancellationToken cancel)
    {
        using var response = await SendAsync(repo, commit, file, download.Have, cancel);
        if (!rule.IsHub(response.RequestMessage!.RequestUri!) && !response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The file host, not the hub: a signed address that ran out, mostly. The hub gives a new one.
            logger.LogInformation("file host answered {Status} for {Repo} {Path}", (int)response.StatusCode, repo, Printable.Of(file.Path, 200));
            return null;
        }

        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                await download.StartOverAsync();
                return response.Content.Headers.ContentLength is { } whole && whole != file.Size ? await download.MismatchAsync($"{whole} bytes") : await ReadAsync(response, download, cancel);
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange is { From: { } from } range && from == download.Have:
                return range.Length is { } total && total != file.Size ? await download.MismatchAsync($"{total} bytes") : await ReadAsync(response, download, cancel);
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                await download.StartOverAsync();
                return null;
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when HubAnswer.ErrorCode(response) == "GatedRepo":
                return new FetchResult.NotFetched(Outcome.Gated, HubAnswer.ErrorText(response));
            case HttpStatusCode.Unauthorized when HubAnswer.ErrorCode(response) == "RepoNotFound":
            case HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.UnavailableForLegalReasons:
                return new FetchResult.NotFetched(Outcome.Error, $"gone: {HubAnswer.ErrorText(response)}");
            case HttpStatusCode.Forbidden:
                return new FetchResult.NotFetched(Outcome.Gated, HubAnswer.ErrorText(response));
            default:
                throw answers.Failure(response);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(RepoId repo, string commit, RepoFile file, long have, CancellationToken cancel)
    {
        try
        {
            var range = have > 0 ? $"bytes={have}-" : null;
            return await api.ResolveAsync(repo.Value, commit, file.Path, range, RequestPolicy.Patient, cancel);
        }
        catch (Exception failure) when (HubFailure.Of(failure, options.Endpoint, cancel) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Reads a body as far as it comes: one buffer fills while the other is hashed and written. A cut is no error here, nor is leaving a slow stream; what comes next goes on behind it.</summary>
    private async Task<FetchResult?> ReadAsync(HttpResponseMessage response, Download download, CancellationToken cancel)
    {
        await using var body = await answers.BodyAsync(response, long.MaxValue, cancel);
        var bytes = (int)Math.Min(BufferBytes, download.Missing + 1); // one more than there should be: more than declared shows
        var pace = new Pace(download, clock);
        var (filling, kept) = (GC.AllocateUninitializedArray<byte>(bytes), GC.AllocateUninitializedArray<byte>(bytes));
        for (var ended = false; !ended; (filling, kept) = (kept, filling))
        {
            (var count, ended) = await FillAsync(body, filling, cancel);
            Instruments.FetchedBytes.Add(count);
            if (!await download.TakeAsync(filling.AsMemory(0, count)))
            {
                return await download.MismatchAsync("more bytes");
            }

            if (response.RequestMessage!.RequestUri is { } address && !rule.IsHub(address) && pace.TurnsOutSlow())
            {
                download.SlowSource = address;
                return null;
            }
        }

        return null;
    }

    private async Task<(int Count, bool Ended)> FillAsync(Stream body, byte[] buffer, CancellationToken cancel)
    {
        var count = 0;
        try
        {
            while (count < buffer.Length)
            {
                if (await body.ReadAsync(buffer.AsMemory(count), cancel) is not (> 0 and var read))
                {
                    return (count, true);
                }

                count += read;
            }

            return (count, false);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException or InvalidDataException)
        {
            logger.LogInformation("a download was cut ({Reason}); going on", Printable.Of(cut.Message, 200));
            return (count, true);
        }
    }
}
