using DynaHug.Coordinator.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>Signing in at a real OpenID Connect provider in a real browser: discovery, code with PKCE, tokens, user info, roles.</summary>
[Trait("kind", "browser")]
public sealed class OidcSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_the_provider_gives_a_role_comes_in_with_it_and_nobody_else_does()
    {
        await using var provider = await OidcProvider.StartAsync(Cancel);
        await using var node = await RunningNode.StartAsync(Hostile.AndTwoOthers(), Cancel, new AccessOptions
        {
            Mode = SignInMode.Oidc,
            Authority = provider.Address,
            ClientId = OidcProvider.Client,
            ClientSecret = OidcProvider.Secret,
        });

        (provider.Name, provider.Roles) = ("ann", ["viewer", "analyst"]);
        await using (var analyst = await BrowserPage.OpenAsync())
        {
            await analyst.GotoAsync(new Uri(node.Address, "repos?label=benign"));
            await Expect(analyst.Page).ToHaveURLAsync(new Uri(node.Address, "repos?label=benign").ToString());
            await Expect(analyst.Page.Locator(".signed-in")).ToContainTextAsync("ann");
            (await JudgeAsync(analyst, node)).ShouldBe(200, "the higher of two roles counts");
            (await analyst.Page.GotoAsync(new Uri(node.Address, "access").ToString()))!.Status.ShouldBe(403);
        }

        (provider.Name, provider.Roles) = ("stranger", []);
        await using var stranger = await BrowserPage.OpenAsync();
        (await stranger.Page.GotoAsync(node.Address.ToString()))!.Status.ShouldBe(403);
        (await JudgeAsync(stranger, node)).ShouldBe(401);
        (await stranger.Page.GotoAsync(new Uri(node.Address, "signin-oidc?code=stolen&state=made-up").ToString()))!.Status.ShouldBe(400);

        await node.UntilAuditedAsync("signed-in ann", Cancel);
        await node.UntilAuditedAsync("failed-to-sign-in stranger", Cancel);
    }

    private static async Task<int> JudgeAsync(BrowserPage browser, RunningNode node) => (await browser.Page.APIRequest.PostAsync(
        new Uri(node.Address, "api/v1/judgements").ToString(),
        new APIRequestContextOptions { DataObject = new { repos = new[] { "evil/bad" }, judgement = "confirmed" } })).Status;
}
