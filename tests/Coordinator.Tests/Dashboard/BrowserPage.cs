using Microsoft.Playwright;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>A page in a real browser, and what the browser complains about.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly List<string> complaints = [];

    private BrowserPage(IPlaywright playwright, IBrowser browser, IPage page)
    {
        (this.playwright, this.browser, Page) = (playwright, browser, page);
        page.SetDefaultTimeout(60_000);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                complaints.Add(message.Text);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Errors of scripts and of the content security policy.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public static async Task<BrowserPage> OpenAsync(BrowserNewPageOptions? options = null)
    {
        Assert.SkipUnless(File.Exists(Chromium), $"no browser at {Chromium}; install the package chromium");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu"] });
        return new BrowserPage(playwright, browser, await browser.NewPageAsync(options));
    }

    /// <summary>Goes there and waits until the page is live.</summary>
    public async Task GotoAsync(Uri address)
    {
        await Page.GotoAsync(address.ToString());
        await Page.Locator(".live.on").WaitForAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
