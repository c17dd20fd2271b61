using System.Net;
using System.Net.Http.Json;
using Akka.Actor;
using Akka.Hosting;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Tests.Learning;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>A person's decision on a candidate, by the API and by the page's button, down to the entity's journal.</summary>
public sealed class ProfileActivationSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_api_activates_a_version_and_goes_back()
    {
        await using var node = await RunningNode.StartAsync(new Story(), Cancel);
        await ProposeAsync(node, 1);
        await ProposeAsync(node, 2);

        (await PostAsync(node, version: 2)).ShouldBe(HttpStatusCode.Accepted);
        await UntilActiveAsync(node, 2);
        (await PostAsync(node, version: 1)).ShouldBe(HttpStatusCode.Accepted);
        await UntilActiveAsync(node, 1);

        await RunningNode.UntilAsync(async () => (await node.ReadModel.AuditAsync(by: null, "activated-profile", null, 9, Cancel)).Items.Count == 2, "the decisions are not in the audit", Cancel);
        (await PostAsync(node, version: 3)).ShouldBe(HttpStatusCode.NotFound);
        (await node.Client.PostAsync("/api/profiles/activate", new StringContent("{}"), Cancel)).IsSuccessStatusCode.ShouldBeFalse("a form of another origin may not decide");
        (await node.Client.PostAsJsonAsync("/api/training/cancel", new { }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await node.Client.GetAsync(new Uri("/api/profiles/text-generation/1/changes", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "it was never compared");
    }

    [Fact]
    [Trait("kind", "browser")]
    public async Task The_button_of_the_page_activates_a_version()
    {
        await using var node = await RunningNode.StartAsync(new Story(), Cancel);
        await ProposeAsync(node, 1);
        await using var browser = await BrowserPage.OpenAsync();
        await browser.GotoAsync(new Uri(node.Address, "profiles"));

        await browser.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Let this version score" }).ClickAsync();

        await Expect(browser.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "text-generation version 1 active" })).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 60_000 });
        await UntilActiveAsync(node, 1);
        browser.Complaints.ShouldBeEmpty();
    }

    private static async Task<HttpStatusCode> PostAsync(RunningNode node, int version) =>
        (await node.Client.PostAsJsonAsync("/api/profiles/activate", new { taskCluster = "text-generation", version }, Cancel)).StatusCode;

    private static async Task ProposeAsync(RunningNode node, int seed)
    {
        var profile = ProfileFitter.Fit("text-generation", Story.Environment, Loads.Benign(40, seed), new FitOptions(), Cancel);
        using var file = new MemoryStream();
        profile.Save(file);
        await node.Services.GetRequiredService<BlobStore>().PutAsync(file.ToArray(), Cancel);
        var description = new ProfileDescription(profile.Blob, "text-generation", Story.Environment, profile.Detector, profile.Training.Count, 0, 1);
        await node.Services.GetRequiredService<IReadOnlyActorRegistry>().Get<Keys.ProfileRegion>()
            .Ask<ProfileReplies.Recorded>(new ProfileCommands.Propose(description, Activate: false), TimeSpan.FromSeconds(60), Cancel);
        await RunningNode.UntilAsync(async () => (await node.ReadModel.ProfilesAsync(Cancel)).Any(known => known.Blob == profile.Blob), $"profile {seed} is not listed", Cancel);
    }

    private static Task UntilActiveAsync(RunningNode node, int version) =>
        RunningNode.UntilAsync(async () => (await node.ReadModel.ActiveProfilesAsync(Cancel)).Any(known => known.Version == version), $"version {version} is not active", Cancel);
}
