using DynaHug.Coordinator.Tests.Dashboard;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(SharedBrowser))]

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>One Chromium for all tests, started by the first that wants it; each page has cookies and storage of its own.</summary>
public sealed class SharedBrowser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    private static readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> Started = new(StartAsync);

    internal static async Task<IPage> NewPageAsync(BrowserNewPageOptions? options)
    {
        Assert.SkipUnless(File.Exists(Chromium), $"no browser at {Chromium}; install the package chromium");
        return await (await Started.Value).Browser.NewPageAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (Started.IsValueCreated)
        {
            var (playwright, browser) = await Started.Value;
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }

    private static async Task<(IPlaywright, IBrowser)> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        return (playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu"] }));
    }
}
