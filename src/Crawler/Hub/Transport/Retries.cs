using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace DynaHug.Crawler.Hub.Transport;

/// <summary>When and after how long a request is tried again: as the hub says, else with growing waits. Covers an answer up to its headers; bodies are resumed by their readers.</summary>
internal static class Retries
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(60);

    public static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, HubOptions options, TimeProvider clock)
    {
        pipeline.TimeProvider = clock;
        if (options.Retries > 0)
        {
            pipeline.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = TimeSpan.FromMinutes(1),
                ShouldRetryAfterHeader = false,
                ShouldHandle = arguments => ValueTask.FromResult(ShouldRetry(arguments)),
                DelayGenerator = arguments => ValueTask.FromResult(WaitToldBy(arguments.Outcome.Result, clock)),
            });
        }
    }

    /// <summary>Bounds one attempt, from the moment that the rate budget lets it go.</summary>
    public static void ConfigureAttempt(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, TimeProvider clock)
    {
        pipeline.TimeProvider = clock;
        pipeline.AddTimeout(AttemptTimeout);
    }

    private static bool ShouldRetry(RetryPredicateArguments<HttpResponseMessage> arguments)
    {
        var request = arguments.Context.GetRequestMessage();
        return RequestPolicy.Of(request).Retry && arguments.Outcome switch
        {
            { Exception: TimeoutRejectedException } => true,
            { Exception: HttpRequestException broken } => RefusedRedirectException.In(broken) is null,
            { Result: { } response } => response.StatusCode is HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError,
            _ => false,
        };
    }

    /// <summary>The window's reset where it is used up, else Retry-After; null where the hub says neither.</summary>
    internal static TimeSpan? WaitToldBy(HttpResponseMessage? response, TimeProvider clock)
    {
        if (response is null)
        {
            return null;
        }

        var told = RateLimit.Of(response) is { Left: 0 } limit ? limit.Reset + TimeSpan.FromSeconds(1)
            : response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - clock.GetUtcNow()
            : null;
        return told is null ? null : TimeSpan.FromTicks(Math.Clamp(told.Value.Ticks, 0, RateLimit.LongestWait.Ticks));
    }
}
