using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>What all of the API keeps to.</summary>
public sealed class ApiSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_description_is_valid_and_names_every_address()
    {
        await using var dashboard = await RunningDashboard.StartAsync(new Story(), Cancel);

        var text = await dashboard.Client.GetStringAsync("/api/v1/openapi.json", Cancel);

        var described = Microsoft.OpenApi.OpenApiDocument.Parse(text, "json");
        described.Diagnostic!.Errors.ShouldBeEmpty();
        described.Document!.Paths.Keys.ShouldBeSubsetOf(described.Document.Paths.Keys.Where(path => path.StartsWith("/api/v1/", StringComparison.Ordinal)));
        foreach (var path in new[] { "/api/v1/verdicts/{subject}", "/api/v1/flagged", "/api/v1/repos", "/api/v1/evidence/{id}", "/api/v1/rescans", "/api/v1/judgements", "/api/v1/events", "/api/v1/audit" })
        {
            described.Document.Paths.ShouldContainKey(path);
        }
    }

    [Fact]
    public async Task The_explorer_is_served_from_here_alone()
    {
        await using var dashboard = await RunningDashboard.StartAsync(new Story(), Cancel);
        await using var browser = await BrowserPage.OpenAsync();
        var foreign = new List<string>();
        browser.Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(dashboard.Address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                foreign.Add(request.Url);
            }
        };

        await browser.Page.GotoAsync(new Uri(dashboard.Address, "api/explorer/").ToString());

        await browser.Page.Locator(".opblock").First.WaitForAsync();
        foreign.ShouldBeEmpty();
        browser.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/v1/no-such", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/repos?limit=many", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/flagged?state=bogus", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/flagged?since=soon", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/evidence/evil/bad", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/evidence/evil/bad?file=none", HttpStatusCode.NotFound)]
    public async Task Errors_are_problems_in_json(string address, HttpStatusCode status)
    {
        await using var dashboard = await RunningDashboard.StartAsync(Hostile.AndTwoOthers(), Cancel);

        var answer = await dashboard.Client.GetAsync(address, Cancel);

        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        var story = Hostile.AndTwoOthers();
        await using var dashboard = await RunningDashboard.StartAsync(story, Cancel);
        var first = await dashboard.Client.GetAsync("/api/v1/flagged", Cancel);

        (await AgainAsync()).ShouldBe(HttpStatusCode.NotModified);
        await dashboard.TellAsync(story.Repo("fresh/attack", Story.Loaded("fresh", [new Indicator("network-attempt", "127.0.0.1:4444")]), Label.Malicious, "p1"), Cancel);
        (await AgainAsync()).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> AgainAsync()
        {
            using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/flagged");
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            return (await dashboard.Client.SendAsync(again, Cancel)).StatusCode;
        }
    }

    [Fact]
    public async Task Evidence_says_what_was_seen()
    {
        await using var dashboard = await RunningDashboard.StartAsync(Hostile.AndTwoOthers(), Cancel);

        var evidence = await dashboard.Client.GetFromJsonAsync<JsonElement>("/api/v1/evidence/evil/bad?file=pytorch_model.bin", Cancel);

        evidence.GetProperty("trace").GetProperty("indicators")[0].GetProperty("id").GetString().ShouldBe("shell-started");
    }

    [Fact]
    public async Task A_listener_is_told_of_new_flags_and_goes_on_where_it_broke_off()
    {
        var story = Hostile.AndTwoOthers();
        await using var dashboard = await RunningDashboard.StartAsync(story, Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        request.Headers.Add("Last-Event-ID", "0");

        using var answer = await dashboard.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var events = SseParser.Create(await answer.Content.ReadAsStreamAsync(Cancel)).EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel);

        (await NextAsync()).ShouldBe("evil/bad");
        (await NextAsync()).ShouldBe("mal/xss");
        await dashboard.TellAsync(story.Repo("fresh/attack", Story.Loaded("fresh", [new Indicator("network-attempt", "127.0.0.1:4444")]), Label.Malicious, "p1"), Cancel);
        (await NextAsync()).ShouldBe("fresh/attack");

        async Task<string?> NextAsync()
        {
            (await events.MoveNextAsync()).ShouldBeTrue();
            events.Current.EventType.ShouldBe("flagged");
            using var told = JsonDocument.Parse(events.Current.Data);
            return told.RootElement.GetProperty("repo").GetString();
        }
    }

    [Fact]
    public async Task A_listener_is_answered_at_once_also_where_there_is_no_news()
    {
        await using var dashboard = await RunningDashboard.StartAsync(Hostile.AndTwoOthers(), Cancel);

        using var answer = await dashboard.Client.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var events = SseParser.Create(await answer.Content.ReadAsStreamAsync(Cancel)).EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel);

        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.EventType.ShouldBe("alive");
        events.Current.EventId.ShouldNotBeNullOrEmpty("what is flagged after this is not missed");
    }

    [Fact]
    public async Task Too_many_requests_are_told_to_wait()
    {
        await using var dashboard = await RunningDashboard.StartAsync(new Story(), Cancel);
        HttpResponseMessage? refused = null;
        while (refused is null)
        {
            // Ten a second are allowed in the long run: however busy the machine is, this asks for more.
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => dashboard.Client.GetAsync("/api/v1/no/such/address", Cancel)));
            refused = answers.FirstOrDefault(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        }

        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await dashboard.Client.GetAsync("/healthz", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
