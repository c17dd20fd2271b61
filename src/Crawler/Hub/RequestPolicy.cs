namespace DynaHug.Crawler.Hub;

/// <summary>How the handlers are to treat a request.</summary>
/// <param name="Retry">Try again what failed; off for a first check, which is to answer at once.</param>
internal sealed record RequestPolicy(bool Retry = true)
{
    public const string Key = "dynahug.request-policy";

    public static readonly RequestPolicy Patient = new();
    public static readonly RequestPolicy Once = new(Retry: false);

    private static readonly HttpRequestOptionsKey<RequestPolicy> OptionsKey = new(Key);

    public static RequestPolicy Of(HttpRequestMessage? request) =>
        request is not null && request.Options.TryGetValue(OptionsKey, out var wanted) ? wanted : Patient;

    public void CopyTo(HttpRequestMessage request) => request.Options.Set(OptionsKey, this);
}
