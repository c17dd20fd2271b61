using System.Text.RegularExpressions;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Hub;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>From flag to judgement in a real browser, through entities, journal and projection of a real node.</summary>
[Trait("kind", "browser")]
public sealed class TriageSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flags_are_judged_by_keys_and_in_bulk_and_every_word_is_audited()
    {
        await using var node = await RunningNode.StartAsync(Hostile.AndTwoOthers(), Cancel);
        await using var browser = await BrowserPage.OpenAsync();
        var page = browser.Page;
        await browser.GotoAsync(node.Address);
        await Expect(page.Locator(".triage > li")).ToHaveCountAsync(2);

        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("dialog#keys")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("dialog#keys")).ToBeHiddenAsync();

        // Down to the second repo, and a judgement by a key.
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator(".triage > li").Nth(1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("f");
        await Expect(page.Locator(".said")).ToHaveTextAsync("evil/bad called a false alarm");
        await Expect(page.Locator(".triage > li")).ToHaveCountAsync(1);

        // The other one in bulk, with a note.
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await page.Locator(".bulk input[name=note]").FillAsync("seen it run");
        await page.Locator(".bulk").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Confirm" }).ClickAsync();
        await Expect(page.GetByText("Everything flagged is judged")).ToBeVisibleAsync();

        await page.SelectOptionAsync("select[name=state]", "confirmed");
        await Expect(page).ToHaveURLAsync(new Regex(@"\?state=confirmed$"));
        await Expect(page.Locator(".triage .badge.case")).ToHaveTextAsync("confirmed");
        await page.Locator("input[name=view]").FillAsync("done");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save view" }).ClickAsync();
        await Expect(page.Locator(".views a")).ToHaveAttributeAsync("href", "?state=confirmed");

        await browser.GotoAsync(new Uri(node.Address, "audit"));
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(3);
        await Expect(page.Locator("tbody tr").Nth(1)).ToContainTextAsync("seen it run");
        browser.Complaints.ShouldBeEmpty();
        var repo = await node.ReadModel.RepoAsync(RepoId.Parse("evil/bad"), Cancel);
        repo!.Summary.Case.ShouldBe(CaseState.FalseAlarm);
        repo.Summary.Label.ShouldBe(Shared.Verdicts.Label.Malicious, "the machine's verdict stays");
    }
}
