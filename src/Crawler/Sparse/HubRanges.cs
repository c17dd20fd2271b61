using System.Net;
using DynaHug.Crawler.Hub;
using DynaHug.Crawler.Hub.Transport;
using DynaHug.Shared;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Telemetry;

namespace DynaHug.Crawler.Sparse;

/// <summary>
/// Parts of a file on a hub. The address on the file host that the hub's first answer leads to is used for the further parts, so that a file
/// costs one request of the hub's quota however many parts are read.
/// </summary>
/// <param name="source">That address, where it is known already.</param>
internal sealed class HubRanges(
    IHubApi api, HubAnswer answers, HubOptions options, AddressRule rule, TimeProvider clock, RepoId repo, string commit, RepoFile file, Uri? source = null) : IRanges
{
    private const int Attempts = 4;

    private volatile Uri? onFileHost = source;
    private volatile string? tag;

    public long Size => file.Size;

    /// <exception cref="HubException">The hub cannot be used.</exception>
    public async Task ReadAsync(long offset, Memory<byte> target, CancellationToken cancel)
    {
        var count = target.Length;
        for (var attempt = 1; ; attempt++)
        {
            using var response = await SendAsync($"bytes={offset}-{offset + count - 1}", cancel);
            var address = response.RequestMessage!.RequestUri!;
            if (response.StatusCode == HttpStatusCode.PartialContent)
            {
                Check(response, offset, count);
                onFileHost = rule.IsHub(address) ? null : address;
                if (await TryReadAsync(response, target, cancel))
                {
                    return;
                }
            }
            else if (onFileHost is null || response.StatusCode == HttpStatusCode.OK)
            {
                // Whatever it is (gated, gone, no ranges), the fetch of the whole finds it too, and says it.
                throw new RangesRefusedException($"the hub answers {(int)response.StatusCode} to a request for a part");
            }

            if (attempt == Attempts)
            {
                throw new RangesRefusedException("parts are cut again and again");
            }

            // A signed address runs out; the hub gives a new one.
            onFileHost = null;
            await Task.Delay(options.RetryDelay * attempt, clock, cancel);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string range, CancellationToken cancel)
    {
        try
        {
            return onFileHost is { } address
                ? await api.FileAsync(address, range, RequestPolicy.Patient, cancel)
                : await api.ResolveAsync(repo.Value, commit, file.Path, range, RequestPolicy.Patient, cancel);
        }
        catch (Exception failure) when (HubFailure.Of(failure, options.Endpoint, cancel) is { } explained)
        {
            throw RefusedRedirectException.In(failure) is null ? explained : new RangesRefusedException(explained.Message);
        }
    }

    private void Check(HttpResponseMessage response, long offset, int count)
    {
        var range = response.Content.Headers.ContentRange;
        if (range is null || range.From != offset || range.To != offset + count - 1 || range.Length != file.Size)
        {
            throw new RangesRefusedException($"the hub answers with {Printable.Of(range?.ToString(), 60)} when asked for {count} bytes from {offset} of {file.Size}");
        }

        var named = response.Headers.ETag?.Tag;
        if (tag is not null && named is not null && named != tag)
        {
            throw new RangesRefusedException("the file changed between two parts");
        }

        tag ??= named;
    }

    /// <returns>False where the connection was cut.</returns>
    private async Task<bool> TryReadAsync(HttpResponseMessage response, Memory<byte> target, CancellationToken cancel)
    {
        var done = 0;
        await using var body = await answers.BodyAsync(response, target.Length, cancel);
        try
        {
            while (done < target.Length && await body.ReadAsync(target[done..], cancel) is > 0 and var read)
            {
                done += read;
                Instruments.FetchedBytes.Add(read);
            }
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException or InvalidDataException)
        {
            return false;
        }

        return done == target.Length;
    }
}
