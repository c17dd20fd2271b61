using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Verdicts;
using Microsoft.Playwright;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>The pages in a real browser.</summary>
[Trait("kind", "browser")]
public sealed class BrowserSpecs
{
    private const string Chromium = "/usr/bin/chromium";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_newly_flagged_repo_appears_without_a_reload_and_hostile_text_runs_no_script()
    {
        Assert.SkipUnless(File.Exists(Chromium), $"no browser at {Chromium}; install the package chromium");
        var story = Hostile.AndTwoOthers();
        await using var dashboard = await RunningDashboard.StartAsync(story, Cancel);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu"] });
        var page = await browser.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                complaints.Add(message.Text);
            }
        };

        await page.GotoAsync(dashboard.Address.ToString());
        await page.Locator(".live.on").WaitForAsync();
        await page.EvaluateAsync("window.notReloaded = true");
        (await page.Locator(".cards li.card").CountAsync()).ShouldBe(2);

        story.Repo("fresh/attack", Story.Loaded("fresh", [new Indicator("network-attempt", "127.0.0.1:4444")]), Label.Malicious, "p1", reason: "tried to reach the network: 127.0.0.1:4444");
        await dashboard.TellAsync(story, Cancel);

        await page.Locator(".cards li.card >> text=fresh/").WaitForAsync();
        (await page.EvaluateAsync<bool>("window.notReloaded === true")).ShouldBeTrue();

        await page.SelectOptionAsync("select[name=indicator]", "network-attempt");
        await page.WaitForFunctionAsync("location.search === '?indicator=network-attempt'"); // WaitForURLAsync misses a change that comes while it subscribes
        await page.Locator(".cards li.card").Nth(1).WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });

        await page.GotoAsync(new Uri(dashboard.Address, "repos/mal/xss").ToString());
        await page.Locator(".live.on").WaitForAsync();
        await page.GetByPlaceholder("openat, execve, …").FillAsync("openat");
        await page.Locator(".calls li").Nth(1).WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        (await page.Locator(".calls li").InnerTextAsync()).ShouldContain("openat");
        (await page.EvaluateAsync<bool>("window.hacked === undefined")).ShouldBeTrue();
        complaints.ShouldBeEmpty("neither the content security policy nor a script complains");
    }
}
