using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using DynaHug.Coordinator.Access;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Desk;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>Who may come in, and what they may do, on a real node.</summary>
public sealed class AccessSpecs
{
    private const string Password = "correct horse battery";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SignInMode.None, "hub.example")]
    [InlineData(SignInMode.Local, null)]
    [InlineData(SignInMode.Oidc, "hub.example")]
    public async Task A_node_does_not_listen_beyond_loopback_without_what_that_needs(SignInMode mode, string? host)
    {
        var options = new NodeOptions { DataFolder = Path.Combine(Path.GetTempPath(), "never-made"), Listen = IPAddress.Any, Access = new AccessOptions { Mode = mode, PublicHost = host } };

        await Should.ThrowAsync<UsageException>(() => Node.StartAsync(options, new DynaHug.Crawler.Hub.HubOptions { Endpoint = new Uri("http://127.0.0.1:9/") }, Cancel));

        Directory.Exists(options.DataFolder).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_sign_in_nothing_is_shown_and_with_it_each_role_does_what_it_may()
    {
        await using var node = await StartAsync();
        using var nobody = ClientOf(node);

        (await nobody.GetAsync("/", Cancel)).Headers.Location!.ToString().ShouldStartWith("/sign-in");
        (await nobody.GetAsync("/api/v1/flagged", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await nobody.GetAsync("/metrics", Cancel)).IsSuccessStatusCode.ShouldBeFalse();
        (await nobody.GetAsync("/healthz", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntilAsync(async () => await node.ReadModel.AccountAsync("admin", Cancel) is not null);
        (await SignInAsync(nobody, "admin", "wrong password!")).ShouldContain("failed");
        (await SignInAsync(nobody, "admin", Password)).ShouldBe("/");
        (await nobody.GetStringAsync("/", Cancel)).ShouldContain("evil/bad");
        (await nobody.GetStringAsync("/access", Cancel)).ShouldContain("admin");

        var accounts = node.Services.GetRequiredService<Accounts>();
        (await accounts.SetAsync("vera", Password, Role.Viewer, "admin", Cancel)).ShouldBeNull();
        await UntilAsync(async () => await node.ReadModel.AccountAsync("vera", Cancel) is not null);
        using var viewer = ClientOf(node);
        (await SignInAsync(viewer, "vera", Password)).ShouldBe("/");
        (await viewer.GetAsync("/api/v1/flagged", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await viewer.PostAsJsonAsync("/api/v1/judgements", new { repos = new[] { "evil/bad" }, judgement = "confirmed" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await viewer.PostAsJsonAsync("/api/v1/raw", new { repo = "evil/bad", file = "pytorch_model.bin" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await viewer.GetStringAsync("/repos/evil/bad", Cancel)).ShouldNotContain("Raw file");
        (await viewer.GetAsync("/access", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        await node.UntilAuditedAsync("signed-in vera", Cancel);
        await node.UntilAuditedAsync("failed-to-sign-in admin", Cancel);
    }

    [Fact]
    [Trait("kind", "browser")]
    public async Task People_sign_in_and_out_in_a_real_browser()
    {
        await using var node = await StartAsync();
        await UntilAsync(async () => await node.ReadModel.AccountAsync("admin", Cancel) is not null);
        await using var browser = await BrowserPage.OpenAsync();
        var page = browser.Page;
        await page.GotoAsync(new Uri(node.Address, "repos").ToString());
        await page.Locator("input[name=name]").FillAsync("admin");
        await page.Locator("input[name=password]").FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(new Uri(node.Address, "repos").ToString());
        await Expect(page.GetByText("acme/good")).ToBeVisibleAsync();
        await page.Locator(".live.on").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Uri(node.Address, "sign-in").ToString());
        browser.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_does_what_its_role_may_until_it_ends_and_is_kept_as_a_hash()
    {
        await using var node = await StartAsync();
        var accounts = node.Services.GetRequiredService<Accounts>();
        var (registry, _) = await accounts.IssueAsync("registry", Role.Registry, TimeSpan.FromDays(1), "admin", Cancel);
        var (analyst, _) = await accounts.IssueAsync("bot", Role.Analyst, TimeSpan.FromDays(1), "admin", Cancel);
        (await accounts.IssueAsync("forever", Role.Viewer, TimeSpan.FromDays(10_000), "admin", Cancel)).Key.ShouldBeNull();
        await UntilAsync(async () => (await node.ReadModel.KeysAsync(Cancel)).Count == 2);

        (await SendAsync(registry, "/api/v1/verdicts/evil/bad")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(registry, "/api/v1/flagged")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(analyst, "/api/v1/judgements", new { repos = new[] { "evil/bad", "no/such" }, judgement = "false-alarm", note = "ours" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntilAsync(async () => (await node.ReadModel.RemarksAsync(DynaHug.Shared.Hub.RepoId.Parse("evil/bad"), Cancel)).Any(remark => remark.By == "key bot"));
        (await SendAsync(analyst + "x", "/api/v1/flagged")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync("dh_nonsense", "/api/v1/flagged")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var kept = (await node.ReadModel.KeysAsync(Cancel)).Single(key => key.Name == "bot");
        kept.SecretHash.ShouldNotBe(analyst!.Split('.')[1]);

        (await node.Services.GetRequiredService<Coordinator.Desk.DeskClient>().TellAsync(new DeskCommands.RevokeKey(kept.Id, "admin"), Cancel)).ShouldBeNull();
        await UntilAsync(async () => (await node.ReadModel.KeyAsync(kept.Id, Cancel))!.Revoked);
        (await SendAsync(analyst, "/api/v1/flagged")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        async Task<HttpResponseMessage> SendAsync(string? key, string address, object? body = null)
        {
            using var client = ClientOf(node);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            return body is null ? await client.GetAsync(address, Cancel) : await client.PostAsJsonAsync(address, body, Cancel);
        }
    }

    [Fact]
    public async Task Pages_of_other_sites_and_large_bodies_change_nothing()
    {
        await using var node = await RunningNode.StartAsync(Hostile.AndTwoOthers(), Cancel);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/api/v1/judgements") { Content = JsonContent.Create(new { repos = new[] { "evil/bad" }, judgement = "false-alarm" }) };
        foreign.Headers.Add("Origin", "https://evil.example");

        (await node.Client.SendAsync(foreign, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await node.Client.PostAsJsonAsync("/api/v1/notes", new { repos = new[] { "evil/bad" }, text = new string('x', 2 << 20) }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await node.Client.PostAsync("/sign-out", null, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "a form without its token");
        (await node.ReadModel.RemarksAsync(DynaHug.Shared.Hub.RepoId.Parse("evil/bad"), Cancel)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/repos?q=x", "/repos?q=x")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("", "/")]
    public void After_signing_in_people_stay_here(string to, string goes) => AccessServices.LocalPath(to).ShouldBe(goes);

    private static Task<RunningNode> StartAsync() => RunningNode.StartAsync(
        Hostile.AndTwoOthers(),
        Cancel,
        new AccessOptions { Mode = SignInMode.Local, FirstPassword = Password });

    private static HttpClient ClientOf(RunningNode node) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = node.Address };

    /// <returns>Where the answer leads.</returns>
    private static async Task<string> SignInAsync(HttpClient client, string name, string password)
    {
        var page = await client.GetStringAsync("/sign-in", Cancel);
        var token = Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = name, ["password"] = password, ["__RequestVerificationToken"] = token });
        return (await client.PostAsync("/sign-in/send", form, Cancel)).Headers.Location!.ToString();
    }

    private static Task UntilAsync(Func<Task<bool>> holds) => RunningNode.UntilAsync(holds, "the read model does not follow", Cancel);
}
