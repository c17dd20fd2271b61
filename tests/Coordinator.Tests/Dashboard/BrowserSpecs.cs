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

        // The same load in its order: a search, one process, and back to all.
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "In their order" }).ClickAsync();
        await Expect(page.Locator(".timeline tbody tr")).ToHaveCountAsync(7);
        await page.Locator("input[name=q]").FillAsync("onerror");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".timeline tbody tr")).ToHaveCountAsync(2);
        await Expect(page.Locator(".timeline tbody tr").Nth(1)).ToContainTextAsync(Hostile.Script);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Clear" }).ClickAsync();
        await page.Locator(".tree a", new PageLocatorOptions { HasTextString = "2" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("process=2"));
        await Expect(page.Locator(".timeline tbody tr")).ToHaveCountAsync(5);
        (await page.EvaluateAsync<bool>("window.hacked === undefined")).ShouldBeTrue();
        browser.Complaints.ShouldBeEmpty("neither the content security policy nor a script complains");
    }

    [Fact]
    public async Task The_theme_follows_the_system_until_somebody_chooses_and_the_choice_stays()
    {
        await using var dashboard = await RunningDashboard.StartAsync(new Story(), Cancel);
        await using var browser = await BrowserPage.OpenAsync(new BrowserNewPageOptions { ColorScheme = ColorScheme.Light });
        var page = browser.Page;
        await browser.GotoAsync(dashboard.Address);
        var light = await BackgroundAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        var dark = await BackgroundAsync();
        dark.ShouldNotBe(light);

        await ChooseAsync("Automatic");
        (await BackgroundAsync()).ShouldBe(light, "light was chosen on a dark system");
        await browser.GotoAsync(new Uri(dashboard.Address, "overview"));
        (await BackgroundAsync()).ShouldBe(light);
        await ChooseAsync("Light");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        (await BackgroundAsync()).ShouldBe(dark, "dark was chosen on a light system");
        await ChooseAsync("Dark");
        (await BackgroundAsync()).ShouldBe(light, "the system's again");
        (await page.Context.CookiesAsync()).ShouldNotContain(cookie => cookie.Name == "dynahug-theme");
        browser.Complaints.ShouldBeEmpty();

        Task<string> BackgroundAsync() => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Task ChooseAsync(string now) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = now }).ClickAsync();
    }
}
