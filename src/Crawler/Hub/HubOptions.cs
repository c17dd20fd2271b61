using DynaHug.Shared;

namespace DynaHug.Crawler.Hub;

/// <summary>Which hub, as whom, and what may be asked of it.</summary>
public sealed record HubOptions
{
    /// <summary>The public hub.</summary>
    public static readonly Uri PublicHub = new("https://huggingface.co");

    /// <summary>Address of the hub: http or https, a path prefix allowed (mirrors have one).</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Access token; sent to <see cref="Endpoint"/> and to no other host.</summary>
    public string? Token { get; init; }

    /// <summary>Largest file that is fetched, in bytes; bigger ones become too-large without a download.</summary>
    public long MaxFileBytes { get; init; } = 16L << 30;

    /// <summary>Fetch only what decides a load, where that can be told; off fetches every file whole (docs/adr/0010).</summary>
    public bool Sparse { get; init; } = true;

    /// <summary>Files below this size are fetched whole, in bytes: parts would save little.</summary>
    public long SparseMinBytes { get; init; } = 4 << 20;

    /// <summary>Share of sparse contents, 0 to 1, that are picked at random to be fetched and analysed whole as well.</summary>
    public double RecheckShare { get; init; } = 0.01;

    /// <summary>Load once what differs in its tensors only (docs/adr/0010).</summary>
    public bool ShareTraces { get; init; } = true;

    /// <summary>Entries asked for on a page of a listing; the public hub gives at most 1000.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>Follow redirects to loopback, link-local and private addresses wherever they lead. A hub on loopback may redirect to loopback without it.</summary>
    public bool AllowPrivateHosts { get; init; }

    /// <summary>Host names and addresses that a redirect may lead to although their address is private: the file store of a mirror.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Retries of a request that met 408, a 5xx or a broken connection.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>First wait before such a retry; doubles each time, unless the hub says how long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a request waits for a hub that says it was asked too often (429, or 503 with a time), altogether.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(6);

    /// <summary>How long a body may stand still before its connection counts as cut.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The hub named, or HF_ENDPOINT, or the public one; the token of HF_TOKEN, or of the file HF_TOKEN_PATH, or of $HF_HOME/token,
    /// as the hub's own clients find it.
    /// </summary>
    /// <exception cref="HubException">An address or token that cannot be used.</exception>
    public static HubOptions FromEnvironment(Uri? hub) => FromEnvironment(hub, Environment.GetEnvironmentVariable);

    internal static HubOptions FromEnvironment(Uri? hub, Func<string, string?> variable)
    {
        var named = Text(variable("HF_ENDPOINT"));
        var endpoint = hub ?? (named is null ? PublicHub : Uri.TryCreate(named, UriKind.Absolute, out var address) ? address : throw NoAddress(named));
        if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https") || endpoint.Query.Length > 0 || endpoint.UserInfo.Length > 0)
        {
            throw NoAddress(endpoint.OriginalString);
        }

        return new HubOptions { Endpoint = endpoint, Token = ReadToken(variable) };
    }

    /// <summary>The address only: a record would print the token.</summary>
    public override string ToString() => Endpoint.ToString();

    private static string? ReadToken(Func<string, string?> variable)
    {
        var token = Text(variable("HF_TOKEN")) ?? Text(ReadTokenFile(variable));
        return token is null || token.All(c => c is > ' ' and <= '~')
            ? token
            : throw new HubException("the hub token (HF_TOKEN or the token file) holds characters that no token has; set it again");
    }

    private static string? ReadTokenFile(Func<string, string?> variable)
    {
        var home = Text(variable("HF_HOME")) ?? Path.Combine(
            Text(variable("XDG_CACHE_HOME")) ?? Path.Combine(Text(variable("HOME")) ?? "/nonexistent", ".cache"), "huggingface");
        var file = Text(variable("HF_TOKEN_PATH")) ?? Path.Combine(home, "token");
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new HubException($"the hub token in '{Printable.Of(file)}' cannot be read: {unreadable.Message}; set HF_TOKEN or HF_TOKEN_PATH", unreadable);
        }
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static HubException NoAddress(string text) =>
        new($"'{Printable.Of(text)}' is no hub address; expected http(s)://host[:port] in --hub or HF_ENDPOINT");
}
