using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DynaHug.Coordinator.Desk;
using DynaHug.Coordinator.Notifications;
using DynaHug.Coordinator.Tests.Dashboard;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Verdicts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Tests.Notifications;

/// <summary>Webhooks from a real node to a real receiver.</summary>
public sealed class NotificationSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_webhook_is_told_of_what_it_wants_signed_in_order_and_once()
    {
        var story = Hostile.AndTwoOthers();
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var node = await RunningNode.StartAsync(story, Cancel);
        var webhook = new Webhook("w1", receiver.Address, WebhookBody.Json, Label.Malicious, null);
        await TellAsync(node, new WebhookCommands.Set(webhook, "admin"));
        await UntilAsync(async () => (await node.ReadModel.WebhooksAsync(Cancel)).Count == 1);

        // What was flagged before a webhook was made is no news to it.
        story.Repo("fresh/one", Story.Loaded("one", [new Indicator("network-attempt", "127.0.0.1:1")]), Label.Malicious, "p1");
        story.Repo("fresh/odd", Story.Loaded("odd", []), Label.Suspicious, "p1");
        story.Repo("fresh/two", Story.Loaded("two", [new Indicator("network-attempt", "127.0.0.1:2")]), Label.Malicious, "p1");
        await node.TellAsync(Later(story), Cancel);
        await UntilAsync(() => Task.FromResult(receiver.Taken.Count >= 2));

        receiver.Taken.Select(taken => JsonDocument.Parse(taken.Body).RootElement.GetProperty("repo").GetProperty("repo").GetString()).ShouldBe(["fresh/one", "fresh/two"]);
        var first = receiver.Taken.First();
        var (moment, signature) = first.Signature.Split(',') is [var t, var v] ? (t[2..], v[3..]) : throw new InvalidOperationException(first.Signature);
        var secret = node.Services.GetRequiredService<SigningKey>().SecretOf(webhook);
        signature.ShouldBe(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), Encoding.UTF8.GetBytes($"{moment}.{first.Body}"))));
        File.GetUnixFileMode(Path.Combine(node.Folder, "signing.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task What_is_not_taken_is_tried_again_and_then_set_aside()
    {
        await using var receiver = await Receiver.StartAsync(tries => tries < 3 ? 503 : 200);
        await using var refusing = await Receiver.StartAsync(_ => 410);
        using var http = new HttpClient();
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        var key = new SigningKey(new Coordinator.Hosting.NodeOptions { DataFolder = readModel.Folder });
        var sender = new WebhookSender(http, key, TimeProvider.System, TimeSpan.FromMilliseconds(10));
        await Hostile.AndTwoOthers().ApplyToAsync(readModel.Writer, Cancel);
        var repo = (await readModel.Queries.FlaggedAsync(new Coordinator.ReadModel.RepoFilter(), null, 1, Cancel)).Items[0];

        (await sender.SendAsync(new Webhook("w", receiver.Address, WebhookBody.Slack, Label.Suspicious, null), repo, Cancel)).ShouldBeNull();
        receiver.Taken.Count.ShouldBe(3);
        var text = JsonDocument.Parse(receiver.Taken.Last().Body).RootElement.GetProperty("text").GetString()!;
        text.ShouldStartWith("malicious: mal/xss");
        text.ShouldContain("&lt;script&gt;");
        text.ShouldNotContain("<script>");
        (await sender.SendAsync(new Webhook("w", refusing.Address, WebhookBody.Json, Label.Suspicious, null), repo, Cancel)).ShouldBe("the receiver answers 410");
        refusing.Taken.Count.ShouldBe(1, "an answer that will not change is not asked for again");
        (await sender.SendAsync(new Webhook("w", "http://127.0.0.1:9/", WebhookBody.Json, Label.Suspicious, null), repo, Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_failed_notification_is_listed_until_it_is_settled()
    {
        await using var refusing = await Receiver.StartAsync(_ => 410);
        var story = Hostile.AndTwoOthers();
        await using var node = await RunningNode.StartAsync(story, Cancel);
        await TellAsync(node, new WebhookCommands.Set(new Webhook("w1", refusing.Address, WebhookBody.Json, Label.Malicious, null), "admin"));
        await UntilAsync(async () => (await node.ReadModel.WebhooksAsync(Cancel)).Count == 1);
        story.Repo("fresh/one", Story.Loaded("one", [new Indicator("network-attempt", "127.0.0.1:1")]), Label.Malicious, "p1");
        await node.TellAsync(Later(story), Cancel);

        await UntilAsync(async () => (await node.ReadModel.DeadLettersAsync(Cancel)).Count == 1);
        var letter = (await node.ReadModel.DeadLettersAsync(Cancel)).ShouldHaveSingleItem();
        letter.Reason.ShouldBe("the receiver answers 410");
        await TellAsync(node, new WebhookCommands.Settle(letter.Webhook, letter.Repo, "ann"));
        await UntilAsync(async () => (await node.ReadModel.DeadLettersAsync(Cancel)).Count == 0);
    }

    [Theory]
    [InlineData("ftp://x.example/")]
    [InlineData("not an address")]
    [InlineData("")]
    public void An_address_that_is_none_is_refused(string address) =>
        new DeskState().WhyNot(new WebhookCommands.Set(new Webhook("w", address, WebhookBody.Json, Label.Malicious, null), "admin"), Story.Start).ShouldNotBeNull();

    /// <summary>The stories' clock stands in the past; flags count from when a webhook was made.</summary>
    private static Story Later(Story story)
    {
        var moved = new Story();
        foreach (var (_, stored) in story.Events)
        {
            moved.Tell(stored is Shared.Repos.RepoEvents.VerdictReached reached && reached.Repo.Value.StartsWith("fresh/", StringComparison.Ordinal)
                ? reached with { At = TimeProvider.System.GetUtcNow().AddSeconds(1) }
                : stored);
        }

        return moved;
    }

    private static async Task TellAsync(RunningNode node, IForDesk command) => (await node.Services.GetRequiredService<DeskClient>().TellAsync(command, Cancel)).ShouldBeNull();

    private static Task UntilAsync(Func<Task<bool>> holds) => RunningNode.UntilAsync(holds, "the read model or the receiver does not follow", Cancel);

    /// <summary>Takes notifications, and answers as told by the number of the try.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication app;

        private Receiver(WebApplication app) => this.app = app;

        public ConcurrentQueue<(string Body, string Signature)> Taken { get; } = new();

        public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

        public static async Task<Receiver> StartAsync(Func<int, int> statusOfTry)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
            var receiver = new Receiver(builder.Build());
            receiver.app.MapPost("/", async (HttpContext context) =>
            {
                using var reader = new StreamReader(context.Request.Body);
                receiver.Taken.Enqueue((await reader.ReadToEndAsync(Cancel), context.Request.Headers[SigningKey.Header].ToString()));
                return Results.StatusCode(statusOfTry(receiver.Taken.Count));
            });
            await receiver.app.StartAsync(Cancel);
            return receiver;
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}
