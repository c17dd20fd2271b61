namespace DynaHug.Crawler.Hub;

/// <summary>How the handlers are to treat a request.</summary>
/// <param name="Retry">Try again what failed; off for a first check, which is to answer at once.</param>
internal sealed record HubRequest(bool Retry = true)
{
    public const string Key = "dynahug.hub.request";

    public static readonly HubRequest Patient = new();
    public static readonly HubRequest Once = new(Retry: false);

    private static readonly HttpRequestOptionsKey<HubRequest> OptionsKey = new(Key);

    public static HubRequest Of(HttpRequestMessage? request) =>
        request is not null && request.Options.TryGetValue(OptionsKey, out var wanted) ? wanted : Patient;

    public void CopyTo(HttpRequestMessage request) => request.Options.Set(OptionsKey, this);
}
