using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using DynaHug.Coordinator.Tests.ReadModel;
using Microsoft.Playwright;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>Every page by axe-core for WCAG 2.1 A and AA, dark and light, and at the width of a phone. <c>DYNAHUG_SCREENSHOTS=FOLDER</c> keeps what it looks like.</summary>
[Trait("kind", "browser")]
public sealed class AccessibilitySpecs(HostileNode node) : IClassFixture<HostileNode>
{
    private static readonly string[] Pages =
    [
        "", "?group=payload", "repos", "repos/evil/bad", "repos/mal/xss", $"timeline/mal/xss?file={Uri.EscapeDataString(Hostile.Path)}", "overview", "unknown?outcome=gated", "profiles", "alerts", "cluster",
        "jobs", "reports", "audit", "notifications", "access", "sign-in", "no-such-page",
    ];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task No_page_breaks_a_rule(ColorScheme scheme)
    {
        await using var browser = await BrowserPage.OpenAsync(new BrowserNewPageOptions { ColorScheme = scheme, BypassCSP = true }); // axe is put into the page as a script
        var broken = new List<string>();
        foreach (var page in Pages)
        {
            await browser.Page.GotoAsync(new Uri(node.Running.Address, page).ToString());
            await browser.Page.Locator("h1").First.WaitForAsync();
            await KeepAsync(browser.Page, $"{scheme}-{page}");
            var result = await browser.Page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] } });
            result.Passes.ShouldNotBeEmpty($"/{page}: rules were applied");
            broken.AddRange(result.Violations.SelectMany(rule => rule.Nodes.Select(broke => $"/{page}: {rule.Id}: {broke.Html}")));
        }

        broken.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_page_is_wider_than_a_phone()
    {
        await using var browser = await BrowserPage.OpenAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 390, Height = 844 } });
        var wide = new List<string>();
        foreach (var page in Pages)
        {
            await browser.Page.GotoAsync(new Uri(node.Running.Address, page).ToString());
            await browser.Page.Locator("h1").First.WaitForAsync();
            await KeepAsync(browser.Page, $"phone-{page}");
            var width = await browser.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (width > 390)
            {
                wide.Add($"/{page}: {width}");
            }
        }

        wide.ShouldBeEmpty();
    }

    private static async Task KeepAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("DYNAHUG_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{string.Concat(name.Split('/', '?', '=', '%'))}.png"), FullPage = true });
        }
    }
}
