using Microsoft.Playwright;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>A page in a real browser, and what the browser complains about.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly List<string> complaints = [];

    private BrowserPage(IPage page)
    {
        Page = page;
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

    public static async Task<BrowserPage> OpenAsync(BrowserNewPageOptions? options = null) => new(await SharedBrowser.NewPageAsync(options));

    /// <summary>Goes there and waits until the page is live.</summary>
    public async Task GotoAsync(Uri address)
    {
        await Page.GotoAsync(address.ToString());
        await Page.Locator(".live.on").WaitForAsync();
    }

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
