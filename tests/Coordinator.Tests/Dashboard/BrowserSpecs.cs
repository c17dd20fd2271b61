using System.Text.RegularExpressions;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Verdicts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>The pages in a real browser.</summary>
[Trait("kind", "browser")]
public sealed class BrowserSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_newly_flagged_repo_appears_without_a_reload_and_hostile_text_runs_no_script()
    {
        var story = Hostile.AndTwoOthers();
        await using var dashboard = await RunningDashboard.StartAsync(story, Cancel);
        await using var browser = await BrowserPage.OpenAsync();
        var page = browser.Page;

        await browser.GotoAsync(dashboard.Address);
        await page.EvaluateAsync("window.notReloaded = true");
        (await page.Locator(".cards li.card").CountAsync()).ShouldBe(2);

        story.Repo("fresh/attack", Story.Loaded("fresh", [new Indicator("network-attempt", "127.0.0.1:4444")]), Label.Malicious, "p1", reason: "tried to reach the network: 127.0.0.1:4444");
        await dashboard.TellAsync(story, Cancel);

        await page.Locator(".cards li.card >> text=fresh/").WaitForAsync();
        (await page.EvaluateAsync<bool>("window.notReloaded === true")).ShouldBeTrue();

        await page.SelectOptionAsync("select[name=indicator]", "network-attempt");
        await Expect(page).ToHaveURLAsync(new Regex(@"\?indicator=network-attempt$"));
        await page.Locator(".cards li.card").Nth(1).WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });

        await browser.GotoAsync(new Uri(dashboard.Address, "repos/mal/xss"));
        await page.GetByPlaceholder("openat, execve, …").FillAsync("openat");
        await page.Locator(".calls li").Nth(1).WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        (await page.Locator(".calls li").InnerTextAsync()).ShouldContain("openat");
        (await page.EvaluateAsync<bool>("window.hacked === undefined")).ShouldBeTrue();
        browser.Complaints.ShouldBeEmpty("neither the content security policy nor a script complains");
    }
}
