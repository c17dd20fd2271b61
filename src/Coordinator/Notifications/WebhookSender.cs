using System.Net;
using System.Text.Json;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Wire;
using Polly;
using Polly.Retry;

namespace DynaHug.Coordinator.Notifications;

/// <summary>Sends one notification, with pauses between tries that grow. Follows no redirect: a receiver that moved has to be named anew.</summary>
public sealed class WebhookSender(HttpClient http, SigningKey key, TimeProvider clock, TimeSpan firstPause)
{
    public const int Tries = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ResiliencePipeline<HttpStatusCode> retrying = new ResiliencePipelineBuilder<HttpStatusCode> { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions<HttpStatusCode>
        {
            MaxRetryAttempts = Tries - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = firstPause,
            MaxDelay = TimeSpan.FromMinutes(5),
            ShouldHandle = new PredicateBuilder<HttpStatusCode>().Handle<HttpRequestException>().Handle<TimeoutException>().HandleResult(IsTransient),
        })
        .Build();

    /// <returns>Null once it was taken; else why it was given up.</returns>
    public async Task<string?> SendAsync(Webhook webhook, FlaggedRepo repo, CancellationToken cancel)
    {
        var body = BodyOf(webhook, repo);
        try
        {
            var status = await retrying.ExecuteAsync(async token => await PostAsync(webhook, body, token), cancel);
            return (int)status is >= 200 and < 300 ? null : $"the receiver answers {(int)status}";
        }
        catch (Exception problem) when (problem is HttpRequestException or TimeoutException)
        {
            return Printable.Of(problem.Message, 200);
        }
    }

    internal static byte[] BodyOf(Webhook webhook, FlaggedRepo repo) => webhook.Body == WebhookBody.Slack
        ? JsonSerializer.SerializeToUtf8Bytes(new { text = SlackText(repo) }, Json.Options)
        : JsonSerializer.SerializeToUtf8Bytes(new { @event = "flagged", repo }, Json.Options);

    private static bool IsTransient(HttpStatusCode status) => (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    /// <summary>The three characters that Slack's text takes for its own are written as it asks ("Formatting text for app surfaces").</summary>
    private static string SlackText(FlaggedRepo repo) =>
        Printable.Of($"{repo.Label.Name()}: {repo.Repo} – {(repo.Reasons.Count > 0 ? repo.Reasons[0] : "flagged")}", 600)
            .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private async Task<HttpStatusCode> PostAsync(Webhook webhook, byte[] body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add(SigningKey.Header, key.Sign(webhook, clock.GetUtcNow(), body));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return answer.StatusCode;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"the receiver did not answer within {Patience.TotalSeconds} s");
        }
    }
}
