using System.Net;
using DynaHug.Crawler.Fetching;
using DynaHug.Crawler.Hub.Transport;
using DynaHug.Crawler.Sparse;
using DynaHug.Shared.Artifacts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Refit;

namespace DynaHug.Crawler.Hub;

/// <summary>Registers what talks to a hub.</summary>
public static class HubServices
{
    /// <summary>Adds <see cref="HubClient"/> and <see cref="Fetcher"/>; they need a <see cref="BlobStore"/> and a <see cref="TimeProvider"/> from the container.</summary>
    /// <remarks>The handlers, from the outside: redirects, retries, rate budget, timeout of one attempt, token, guarded connections.</remarks>
    public static IServiceCollection AddHub(this IServiceCollection services, HubOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rule = new AddressRule(options);
        services
            .AddSingleton(options)
            .AddSingleton<IRateBudget>(provider => new RateBudget(provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<HubAnswer>(provider => new HubAnswer(options, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new HubClient(
                provider.GetRequiredService<IHubApi>(), provider.GetRequiredService<HubAnswer>(), options, provider.GetRequiredService<ILogger<HubClient>>()))
            .AddSingleton(provider => new Fetcher(
                provider.GetRequiredService<IHubApi>(),
                provider.GetRequiredService<HubAnswer>(),
                options,
                rule,
                provider.GetRequiredService<BlobStore>(),
                new SparseFetcher(options, provider.GetRequiredService<BlobStore>(), provider.GetRequiredService<ILogger<SparseFetcher>>()),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<Fetcher>>()));
        var http = services.AddRefitGeneratedClient<IHubApi>().ConfigureHttpClient(client =>
        {
            client.BaseAddress = options.Endpoint;
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.DefaultRequestHeaders.UserAgent.ParseAdd($"dynahug/{typeof(HubServices).Assembly.GetName().Version?.ToString(3)}");
        });
        http.SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        http.ConfigurePrimaryHttpMessageHandler(() => Connections(options, rule));
        http.AddHttpMessageHandler(() => new RedirectHandler(rule));
        http.AddResilienceHandler("retries", (pipeline, context) => Retries.Configure(pipeline, options, context.ServiceProvider.GetRequiredService<TimeProvider>()));
        http.AddHttpMessageHandler(provider => new BudgetHandler(provider.GetRequiredService<IRateBudget>(), rule, options, provider.GetRequiredService<TimeProvider>()));
        http.AddResilienceHandler("attempt", (pipeline, context) => Retries.ConfigureAttempt(pipeline, context.ServiceProvider.GetRequiredService<TimeProvider>()));
        http.AddHttpMessageHandler(() => new TokenHandler(options, rule));
        return services;
    }

    private static SocketsHttpHandler Connections(HubOptions options, AddressRule rule) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        UseCookies = false,
        UseProxy = rule.UseProxy,
        MaxResponseHeadersLength = 64,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        ConnectTimeout = TimeSpan.FromSeconds(15),
        ConnectCallback = new GuardedConnector(rule, rule.UseProxy ? HttpClient.DefaultProxy.GetProxy(options.Endpoint) : null).ConnectAsync,
    };
}
