using System.Globalization;
using DynaHug.Shared.Telemetry;

namespace DynaHug.Crawler.Hub.Transport;

/// <summary>Holds each request to the hub until the shared budget allows it, and counts how it was answered.</summary>
internal sealed class BudgetHandler(RateBudget budget, AddressRule rule) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var toHub = rule.IsHub(request.RequestUri!);
        if (toHub)
        {
            await budget.TakeAsync(RateBudget.BucketOf(request.RequestUri!), cancellationToken);
        }

        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            Count(((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
            if (toHub && RateLimit.Of(response) is { } limit)
            {
                budget.Note(limit);
            }

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
