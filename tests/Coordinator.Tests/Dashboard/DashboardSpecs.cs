using System.Net;
using System.Text.Json;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;
using DynaHug.Coordinator.Tests.ReadModel;

namespace DynaHug.Coordinator.Tests.Dashboard;

public sealed class DashboardSpecs(HostileDashboard dashboard) : IClassFixture<HostileDashboard>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/repos")]
    [InlineData("/repos/mal/xss")]
    [InlineData("/overview")]
    [InlineData("/profiles")]
    [InlineData("/unknown")]
    [InlineData("/audit")]
    [InlineData("/reports")]
    [InlineData("/notifications")]
    [InlineData("/access")]
    [InlineData("/?group=payload&state=all")]
    [InlineData("/api/v1/reports/latest?format=html")]
    [InlineData("/?q=<script>window.hacked=1</script>&cluster=<script>window.hacked=1</script>")]
    [InlineData("/report")]
    [InlineData("/timeline/mal/xss?file=<img src=x onerror=window.hacked=1>.bin&q=script")]
    public async Task Hostile_text_stays_text(string path)
    {
        var html = await dashboard.Client.GetStringAsync(path, Cancel);

        html.ShouldNotContain("<script>window", Case.Insensitive);
        html.ShouldNotContain("<img", Case.Insensitive);
        html.ShouldContain("</html>");
    }

    [Fact]
    public async Task Pages_show_what_the_read_model_holds()
    {
        var flagged = await dashboard.Client.GetStringAsync("/", Cancel);
        flagged.ShouldContain("repos/evil/bad");
        flagged.ShouldNotContain("acme/good");
        (await dashboard.Client.GetStringAsync("/?indicator=shell-started", Cancel)).ShouldNotContain("repos/mal/xss");
        (await dashboard.Client.GetStringAsync("/repos?label=benign", Cancel)).ShouldContain("repos/acme/good");
        var repo = await dashboard.Client.GetStringAsync("/repos/evil/bad", Cancel);
        repo.ShouldContain("Started a shell");
        repo.ShouldContain("openat");
        repo.ShouldContain("T1059.004");
    }

    [Fact]
    public async Task A_file_that_was_not_analysed_is_shown_with_its_outcome_and_why()
    {
        var story = new Story().Repo("big/one", ArtifactAnalysis.WithoutBytes(Outcome.TooLarge, "24 GB are over the limit"), Label.Unknown, reason: "not analysed to the end");
        await using var one = await RunningDashboard.StartAsync(story, Cancel);

        var page = await one.Client.GetStringAsync("/repos/big/one", Cancel);
        page.ShouldContain("too-large");
        page.ShouldContain("24 GB are over the limit");
    }

    [Fact]
    public async Task Empty_lists_say_so_and_unknown_repos_are_not_found()
    {
        await using var empty = await RunningDashboard.StartAsync(new Story(), Cancel);

        (await empty.Client.GetStringAsync("/", Cancel)).ShouldContain("Nothing is flagged");
        (await empty.Client.GetStringAsync("/repos", Cancel)).ShouldContain("No repo has been observed yet");
        var missing = await empty.Client.GetAsync(new Uri("/repos/no/such", UriKind.Relative), Cancel);
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await missing.Content.ReadAsStringAsync(Cancel)).ShouldContain("Nothing here");
        (await empty.Client.GetAsync(new Uri("/report", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_script_and_style_that_pages_name_are_served()
    {
        var page = await dashboard.Client.GetStringAsync("/", Cancel);
        var named = System.Text.RegularExpressions.Regex.Matches(page, "(?:src|href)=\"([^\"]+\\.(?:js|css|svg))\"").Select(match => match.Groups[1].Value).ToList();

        named.Count.ShouldBe(5);
        foreach (var asset in named)
        {
            (await dashboard.Client.GetAsync(new Uri($"/{asset}", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK, asset);
        }
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers_and_no_page_holds_inline_script_or_style()
    {
        foreach (var path in new[] { "/", "/repos/mal/xss", "/overview", "/api/overview", "/no-such-page" })
        {
            var answer = await dashboard.Client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("frame-ancestors 'none'");
            policy.ShouldNotContain("unsafe");
            answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
            var html = await answer.Content.ReadAsStringAsync(Cancel);
            html.ShouldNotContain("<style");
            html.ShouldNotContain(" style=");
            html.ShouldNotContain(" onclick=");
            html.Replace("<script src=", "", StringComparison.Ordinal).ShouldNotContain("<script");
        }
    }

    [Theory]
    [InlineData("dark", "<html lang=\"en\" data-theme=\"dark\">")]
    [InlineData("light", "<html lang=\"en\" data-theme=\"light\">")]
    [InlineData("%22%3E%3Cscript%3Ewindow.hacked=1%3C/script%3E", "<html lang=\"en\">")]
    [InlineData("", "<html lang=\"en\">")]
    public async Task The_theme_of_the_cookie_is_in_the_page_and_nothing_else_of_it(string cookie, string html)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/overview") { Headers = { { "Cookie", $"dynahug-theme={cookie}" } } };
        var answer = await dashboard.Client.SendAsync(request, Cancel);

        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain(html);
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("evil.example:80", HttpStatusCode.BadRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    public async Task Only_loopback_names_are_answered(string host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/overview") { Headers = { Host = host } };
        (await dashboard.Client.SendAsync(request, Cancel)).StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task The_api_answers_programs()
    {
        (await dashboard.Client.GetStringAsync("/healthz", Cancel)).ShouldBe("ok");
        (await JsonAsync("/api/overview")).GetProperty("overview").GetProperty("flaggedRepos").GetInt64().ShouldBe(2);
        var first = await JsonAsync("/api/flagged?limit=1");
        first.GetProperty("items")[0].GetProperty("repo").GetString().ShouldBe("mal/xss");
        var second = await JsonAsync($"/api/flagged?limit=1&after={Uri.EscapeDataString(first.GetProperty("next").GetString()!)}");
        second.GetProperty("items")[0].GetProperty("repo").GetString().ShouldBe("evil/bad");
        second.GetProperty("items")[0].GetProperty("label").GetString().ShouldBe("malicious");
        (await JsonAsync("/api/repos?label=benign")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await JsonAsync("/api/repos/evil/bad")).GetProperty("files")[0].GetProperty("verdict").GetProperty("outcome").GetString().ShouldBe("analysed");
        (await dashboard.Client.GetAsync(new Uri("/api/repos/no/such", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await dashboard.Client.GetAsync(new Uri("/api/repos?label=bogus", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await dashboard.Client.GetAsync(new Uri("/api/repos/a/b/c", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        async Task<JsonElement> JsonAsync(string path) => JsonDocument.Parse(await dashboard.Client.GetStringAsync(path, Cancel)).RootElement;
    }
}
