using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using DynaHug.Crawler.Hub.Transport;
using DynaHug.Shared;
using DynaHug.Shared.Wire;

namespace DynaHug.Crawler.Hub;

/// <summary>Reads the hub's raw answers within limits of size, depth and time.</summary>
internal sealed class HubAnswer(HubOptions options, TimeProvider clock)
{
    /// <summary>Longest JSON answer read, in bytes; a page of a listing with the file names of 1000 repos has some MB.</summary>
    private const long MaxJsonBytes = 256L << 20;

    /// <summary>The entries of a JSON array, one at a time; the page is never held as a whole.</summary>
    /// <exception cref="HubException">Not a JSON array, or cut on the way.</exception>
    public async IAsyncEnumerable<JsonElement> EntriesAsync(HttpResponseMessage response, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var body = await BodyAsync(response, MaxJsonBytes, cancel);
        await using var entries = JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(body, Json.Options, cancel).GetAsyncEnumerator(cancel);
        while (await UnderstoodAsync(response, () => entries.MoveNextAsync()))
        {
            yield return entries.Current;
        }
    }

    /// <exception cref="HubException">Not a JSON object, or cut on the way.</exception>
    public async Task<JsonElement> ObjectAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var body = await BodyAsync(response, MaxJsonBytes, cancel);
        var element = await UnderstoodAsync(response, () => JsonSerializer.DeserializeAsync<JsonElement>(body, Json.Options, cancel));
        return element.ValueKind == JsonValueKind.Object ? element : throw NoHub(response, "no JSON object");
    }

    /// <summary>The body as a stream that neither grows nor stands still for ever.</summary>
    public async Task<Stream> BodyAsync(HttpResponseMessage response, long limit, CancellationToken cancel) =>
        new GuardedBody(await response.Content.ReadAsStreamAsync(cancel), limit, options.IdleTimeout, clock, cancel);

    /// <summary>Where the next page is: the <c>Link</c> header with <c>rel="next"</c> (RFC 8288), or null on the last one.</summary>
    /// <exception cref="HubException">It leads to another host.</exception>
    public Uri? NextPage(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var links) || LinkHeader.Next(string.Join(", ", links)) is not { } next)
        {
            return null;
        }

        return Uri.TryCreate(options.Endpoint, next, out var page) && SameOrigin(page)
            ? page
            : throw new HubException($"the hub's next page is at '{Printable.Of(next, 200)}', which is not on {Origin(options.Endpoint)}; not followed");
    }

    /// <summary>The hub's word for what is wrong, for instance <c>GatedRepo</c>; empty where it gives none.</summary>
    public static string ErrorCode(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Error-Code", out var values) ? Printable.Of(values.First(), 64) : "";

    /// <summary>What the hub says about an error, for people.</summary>
    public static string ErrorText(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Error-Message", out var values) ? Printable.Of(values.First(), 300) : $"status {(int)response.StatusCode}";

    /// <summary>An answer that is about the hub as a whole.</summary>
    public HubException Failure(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized => new HubException(options.Token is null
            ? $"hub {options.Endpoint} asks for a token; set HF_TOKEN"
            : $"hub {options.Endpoint} refuses the token ({ErrorText(response)}); set HF_TOKEN to a valid one, or unset it to go on anonymously"),
        HttpStatusCode.TooManyRequests => new HubException($"hub {options.Endpoint} limits our rate; wait, or set HF_TOKEN for a larger quota"),
        _ => new HubException($"hub {options.Endpoint} answered {(int)response.StatusCode} to {Printable.Of(response.RequestMessage?.RequestUri?.AbsolutePath, 200)} ({ErrorText(response)})"),
    };

    private bool SameOrigin(Uri page) => Origin(page).Equals(Origin(options.Endpoint), StringComparison.OrdinalIgnoreCase);

    private static string Origin(Uri address) => address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    private async ValueTask<T> UnderstoodAsync<T>(HttpResponseMessage response, Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (JsonException wrong)
        {
            throw NoHub(response, "no valid JSON", wrong);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException or InvalidDataException)
        {
            throw new HubException($"the answer of hub {options.Endpoint} broke off ({Printable.Of(cut.Message, 200)})", cut);
        }
    }

    private HubException NoHub(HttpResponseMessage response, string what, Exception? inner = null)
    {
        var type = Printable.Of((response.Content.Headers.ContentType ?? new MediaTypeHeaderValue("text/plain")).MediaType, 60);
        return new HubException($"{options.Endpoint} does not answer as a hub: {what} ({type}) at {Printable.Of(response.RequestMessage?.RequestUri?.AbsolutePath, 200)}; check --hub or HF_ENDPOINT", inner!);
    }
}
