using System.Text;

namespace DynaHug.EndToEnd.Tests;

/// <summary>A webhook leads to a verdict, long before the hub would be asked again.</summary>
[Trait("kind", "sandbox")]
public sealed class WebhookSpecs
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_push_is_traced_once_its_webhook_comes()
    {
        Assert.SkipUnless(SmallHub.WhyNot.Length == 0, SmallHub.WhyNot);
        using var folder = new TempFolder();
        await SmallHub.MakeAsync(folder.Under("hub"), benign: 2);
        await using var hub = Dynahug.Start("hub", "serve", folder.Under("hub"), "--port", "0");
        var address = (await hub.PrintsAsync(@"hub at (http://\S+)", Soon)).Groups[1].Value;
        var secret = new Dictionary<string, string?> { ["DYNAHUG_WEBHOOK_SECRET"] = "agreed" };
        await using var node = Dynahug.Start(secret, "up", "--hub", address, "--data", folder.Under("data"), "--port", "0", "--poll", "86400");
        var dashboard = (await node.PrintsAsync(@"dashboard\s+(http://\S+)", Soon)).Groups[1].Value;
        await node.PrintsAsync("watching for new pushes", Soon);
        await SmallHub.WriteMaliciousAsync(folder.Under("new", "model.pkl"), "os-system");
        (await Dynahug.RunAsync("hub", "push", folder.Under("hub"), "newcomer/fresh", folder.Under("new", "model.pkl"))).ExitCode.ShouldBe(0);
        using var client = new HttpClient { BaseAddress = new Uri(dashboard) };
        client.DefaultRequestHeaders.Add("X-Webhook-Secret", "agreed");
        const string push = """{"event":{"action":"create","scope":"repo"},"repo":{"type":"model","name":"newcomer/fresh"}}""";

        using var answer = await client.PostAsync("webhooks/hub", new StringContent(push, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);
        await node.PrintsAsync("malicious newcomer/fresh", Soon);
    }
}
