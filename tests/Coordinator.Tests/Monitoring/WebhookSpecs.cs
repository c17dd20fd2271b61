using System.Net;
using System.Text;
using Akka.Actor;
using Akka.Hosting;
using Akka.Hosting.TestKit;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Monitoring;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Monitoring;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Tests.Monitoring;

public sealed class WebhookSpecs : TestKit
{
    private const string Push = """
        {"event":{"action":"update","scope":"repo.content"},"repo":{"type":"model","name":"acme/demo","private":false,"headSha":"c379e821"},
         "updatedRefs":[{"ref":"refs/heads/main","oldSha":"ce9a4674","newSha":"575db8b7"}],"webhook":{"id":"6390e855","version":3}}
        """;

    [Fact]
    public async Task A_push_is_looked_at_and_a_repeated_webhook_is_not()
    {
        await using var app = await StartAsync();
        (await PostAsync(app, Push, "right")).ShouldBe(HttpStatusCode.Accepted);
        (await ExpectMsgAsync<MonitorCommands.Refresh>(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(new MonitorCommands.Refresh(RepoId.Parse("acme/demo")));
        (await PostAsync(app, Push, "right")).ShouldBe(HttpStatusCode.Accepted);
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Without_the_secret_nothing_is_believed()
    {
        await using var app = await StartAsync();
        foreach (var secret in new[] { null, "", "wrong", "right " + new string('x', 1000) })
        {
            (await PostAsync(app, Push, secret)).ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await PostAsync(app, "{", "right")).ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync(app, new string(' ', 300_000), "right")).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("""{"event":{"action":"delete","scope":"repo"},"repo":{"type":"model","name":"acme/demo"}}""", "acme/demo", Availability.Deleted)]
    [InlineData("""{"event":{"action":"update","scope":"repo.config"},"repo":{"type":"model","name":"acme/demo","private":true}}""", "acme/demo", Availability.Private)]
    [InlineData("""{"event":{"action":"move","scope":"repo"},"repo":{"type":"model","name":"acme/old"},"movedTo":{"name":"acme/new"}}""", "acme/old acme/new", null)]
    [InlineData("""{"event":{"action":"update","scope":"repo.content"},"repo":{"type":"model","name":"acme/demo"},"updatedRefs":[{"ref":"refs/pr/1"}]}""", "", null)]
    [InlineData("""{"event":{"action":"create","scope":"discussion"},"repo":{"type":"model","name":"acme/demo"}}""", "", null)]
    [InlineData("""{"event":{"action":"update","scope":"repo.content"},"repo":{"type":"dataset","name":"acme/demo"}}""", "", null)]
    public void Asks_for_what_a_webhook_is_about(string body, string repos, Availability? hint)
    {
        Webhooks.Parse(Encoding.UTF8.GetBytes(body), out var refreshes).ShouldBeNull();
        refreshes.ShouldBe(repos.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(repo => new MonitorCommands.Refresh(RepoId.Parse(repo), hint)));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"event":{"scope":"repo"},"repo":{"type":"model","name":"../../etc"}}""")]
    [InlineData("""{"event":{"scope":"repo"},"repo":{"type":"model","name":"\ud800"}}""")]
    [InlineData("""{"event":"x","repo":[]}""")]
    public void Says_of_nonsense_that_it_is_none(string body) => Webhooks.Parse(Encoding.UTF8.GetBytes(body), out _).ShouldNotBeNull();

    protected override void ConfigureAkka(AkkaConfigurationBuilder builder, IServiceProvider provider)
    {
    }

    private async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAntiforgery();
        builder.Services.AddSingleton<IReadOnlyActorRegistry>(Registry());
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        Webhooks.Map(app, "right");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private ActorRegistry Registry()
    {
        var registry = ActorRegistry.For(Sys);
        registry.Register<Keys.HubMonitor>(TestActor, overwrite: true);
        return registry;
    }

    private static async Task<HttpStatusCode> PostAsync(WebApplication app, string body, string? secret)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        using var request = new HttpRequestMessage(HttpMethod.Post, Webhooks.Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (secret is not null)
        {
            request.Headers.Add("X-Webhook-Secret", secret);
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
