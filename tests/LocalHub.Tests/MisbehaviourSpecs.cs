using System.Net;
using System.Text.Json;

namespace DynaHug.LocalHub.Tests;

/// <summary>A hub that is very large, has renamed repos, or metadata that nobody can read.</summary>
public sealed class MisbehaviourSpecs
{
    [Fact]
    public async Task A_repo_with_unreadable_metadata_is_an_error_and_not_one_without_metadata()
    {
        await using var hub = new HubSandbox();
        hub.Put("acme/broken/model.bin", "weights");
        hub.Put("acme/broken/.hub.json", """{"private":true,""");
        hub.Put("acme/fine/model.bin", "weights");
        await hub.StartAsync();

        (await hub.JsonAsync("api/models")).EnumerateArray().Select(repo => repo.GetProperty("id").GetString()).ShouldBe(["acme/fine"]);
        using var answer = await hub.GetAsync("api/models/acme/broken");
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await HubSandbox.JsonAsync(answer)).GetProperty("error").GetString()!.ShouldContain(".hub.json' cannot be read");
        using var file = await hub.GetAsync("acme/broken/resolve/main/model.bin");
        file.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        Should.Throw<LocalHubException>(() => HubFolder.PipelineTagOf(Path.Combine(hub.Folder, "acme/broken"))).Message.ShouldContain("correct or delete it");
    }

    [Fact]
    public async Task Generated_repos_are_listed_each_once_and_can_be_asked_for()
    {
        await using var hub = new HubSandbox();
        await hub.StartAsync(folder => new LocalHubOptions { Folder = folder, Synthetic = 2500 });
        var seen = new HashSet<string>();
        var next = (string?)"api/models?sort=createdAt&limit=1000&expand=sha&expand=siblings";
        var last = default(JsonElement);
        while (next is not null)
        {
            using var page = await hub.GetAsync(next);
            foreach (var repo in (await HubSandbox.JsonAsync(page)).EnumerateArray())
            {
                seen.Add(repo.GetProperty("id").GetString()!).ShouldBeTrue();
                last = repo.Clone();
            }

            next = HubSandbox.Header(page, "Link") is { Length: > 0 } link ? new Uri(link[1..link.IndexOf('>', StringComparison.Ordinal)]).PathAndQuery[1..] : null;
        }

        seen.Count.ShouldBe(2500);
        var id = last.GetProperty("id").GetString();
        (await hub.JsonAsync($"api/models/{id}/revision/main")).GetProperty("sha").GetString().ShouldBe(last.GetProperty("sha").GetString());
        (await hub.JsonAsync($"api/models/{id}/tree/main?recursive=true")).GetArrayLength().ShouldBe(last.GetProperty("siblings").GetArrayLength());
        using var missing = await hub.GetAsync("api/models/synthetic-1/model-99999999");
        missing.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_renamed_repo_leads_to_its_new_name()
    {
        await using var hub = new HubSandbox();
        hub.Put("acme/fresh/model.bin", "weights");
        await hub.StartAsync(folder => new LocalHubOptions { Folder = folder, Renames = new Dictionary<string, string> { ["acme/stale"] = "acme/fresh" } });
        using var answer = await hub.GetAsync("api/models/acme/stale/revision/main?securityStatus=true");
        answer.StatusCode.ShouldBe(HttpStatusCode.TemporaryRedirect);
        answer.Headers.Location!.OriginalString.ShouldBe("/api/models/acme/fresh/revision/main?securityStatus=true");
    }
}
