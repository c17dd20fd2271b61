using System.Globalization;
using System.Net;
using DynaHug.Shared.Telemetry;

namespace DynaHug.Crawler.Hub.Transport;

/// <summary>
/// Holds each request to the hub until the shared budget allows it, and counts how it was answered. A hub that says it was asked too
/// often is asked again when it wants to be, by all alike: that is no failure of the request and uses up none of its retries.
/// </summary>
internal sealed class BudgetHandler(IRateBudget budget, AddressRule rule, HubOptions options, TimeProvider clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!rule.IsHub(request.RequestUri!))
        {
            return await SendCountedAsync(request, cancellationToken);
        }

        var bucket = RateBudget.BucketOf(request.RequestUri!);
        var started = clock.GetTimestamp();
        for (var refusals = 1; ; refusals++)
        {
            await budget.TakeAsync(bucket, cancellationToken);
            var response = await SendCountedAsync(request, cancellationToken);
            Note(bucket, response);
            if (!IsTooOften(response) || !RequestPolicy.Of(request).Retry || clock.GetElapsedTime(started) > options.Patience)
            {
                return response;
            }

            var wait = Retries.WaitToldBy(response, clock) ?? TimeSpan.FromTicks(Math.Min(options.RetryDelay.Ticks << Math.Min(refusals, 20), TimeSpan.FromMinutes(1).Ticks));
            budget.Note(bucket, 0, wait, quota: null);
            response.Dispose();
        }
    }

    private static bool IsTooOften(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.TooManyRequests || (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null);

    private void Note(string bucket, HttpResponseMessage response)
    {
        if (RateLimit.Of(response) is { } limit && limit.Bucket == bucket)
        {
            budget.Note(bucket, limit.Left, limit.Reset, RateLimit.QuotaOf(response, bucket));
        }
    }

    private async Task<HttpResponseMessage> SendCountedAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            var response = await base.SendAsync(request, cancel);
            Count(((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
            return response;
        }
        catch (HttpRequestException)
        {
            Count("failed");
            throw;
        }
    }

    private static void Count(string status) => Instruments.HubRequests.Add(1, new KeyValuePair<string, object?>(Instruments.StatusTag, status));
}
