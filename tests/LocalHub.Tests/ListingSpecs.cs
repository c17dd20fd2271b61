using System.Text.Json;

namespace DynaHug.LocalHub.Tests;

public sealed class ListingSpecs
{
    [Fact]
    public async Task Pages_by_an_absolute_link_and_a_keyset_cursor_until_all_were_seen_once()
    {
        await using var hub = await WithRepos(7);

        var seen = new List<string>();
        var next = "api/models?sort=likes&limit=3";
        var pages = 0;
        while (next is not null)
        {
            using var response = await hub.GetAsync(next);
            seen.AddRange((await HubSandbox.JsonAsync(response)).EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            var link = HubSandbox.Header(response, "Link");
            next = link.Length == 0 ? null : link[1..link.IndexOf('>', StringComparison.Ordinal)];
            if (next is not null)
            {
                link.ShouldStartWith($"<{hub.Server.HubUrl}api/models?");
                link.ShouldEndWith("; rel=\"next\"");
            }

            pages++;
        }

        pages.ShouldBe(3);
        seen.ShouldBe(["acme/m6", "acme/m5", "acme/m4", "acme/m3", "acme/m2", "acme/m1", "acme/m0"]);
    }

    [Fact]
    public async Task Writes_the_cursor_as_the_hub_does()
    {
        await using var hub = await WithRepos(2);
        using var response = await hub.GetAsync("api/models?sort=likes&limit=1");
        var link = HubSandbox.Header(response, "Link");
        var cursor = Uri.UnescapeDataString(link[(link.IndexOf("cursor=", StringComparison.Ordinal) + 7)..link.IndexOf('>', StringComparison.Ordinal)]);
        var key = (await HubSandbox.JsonAsync(response))[0].GetProperty("_id").GetString();

        System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(cursor))
            .ShouldBe($$$"""{"$or":[{"likes":1,"_id":{"$gt":"{{{key}}}"}},{"likes":{"$lt":1}}]}""");
    }

    [Fact]
    public async Task Gives_only_the_expanded_fields_and_both_ids()
    {
        await using var hub = await WithRepos(1);
        var item = (await hub.JsonAsync("api/models?expand=sha&expand=siblings&expand=gated"))[0];

        item.EnumerateObject().Select(member => member.Name).ShouldBe(["_id", "id", "sha", "siblings", "gated"]);
        item.GetProperty("siblings")[0].GetProperty("rfilename").GetString().ShouldBe("model.bin");
        item.GetProperty("gated").ValueKind.ShouldBe(JsonValueKind.False);
    }

    [Theory]
    [InlineData("author=acme", 2)]
    [InlineData("search=M1", 1)]
    [InlineData("pipeline_tag=text-generation", 2)]
    [InlineData("filter=pytorch&filter=region:us", 2)]
    [InlineData("filter=pytorch&filter=none", 0)]
    [InlineData("author=nobody", 0)]
    public async Task Filters(string query, int found)
    {
        await using var hub = await WithRepos(2);
        (await hub.JsonAsync($"api/models?{query}")).GetArrayLength().ShouldBe(found);
    }

    [Theory]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=e30%3D")]
    [InlineData("sort=nothing")]
    public async Task Refuses_a_cursor_or_sort_that_is_none(string query)
    {
        await using var hub = await WithRepos(1);
        using var response = await hub.GetAsync($"api/models?{query}");
        ((int)response.StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task Takes_metadata_from_the_model_card_where_there_is_no_metadata_file()
    {
        await using var hub = new HubSandbox();
        hub.Put("acme/card/README.md", "---\nlicense: mit\nextra: {deep: [1, {x: y}]}\npipeline_tag: text-classification\nlibrary_name: sklearn\ntags:\n- a\n- b\n---\n# Card\n");
        await hub.StartAsync();
        var item = (await hub.JsonAsync("api/models"))[0];

        item.GetProperty("pipeline_tag").GetString().ShouldBe("text-classification");
        item.GetProperty("library_name").GetString().ShouldBe("sklearn");
        item.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBe(["sklearn", "text-classification", "a", "b", "region:us"]);
        HubFolder.PipelineTagOf(Path.Combine(hub.Folder, "acme/card")).ShouldBe("text-classification");
    }

    [Fact]
    public async Task Shows_private_repos_to_members_only()
    {
        await using var hub = new HubSandbox();
        hub.Put("acme/secret/.hub.json", """{"private":true}""");
        hub.Put("acme/open/.hub.json", "{}");
        await hub.StartAsync(folder => new LocalHubOptions { Folder = folder, MemberTokens = ["hf_member"] });

        (await hub.JsonAsync("api/models")).GetArrayLength().ShouldBe(1);
        using var response = await hub.GetAsync("api/models", token: "hf_member");
        (await HubSandbox.JsonAsync(response)).GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Serves_a_folder_with_files_of_its_own_as_a_repo_without_a_namespace()
    {
        await using var hub = new HubSandbox();
        hub.Put("gpt2/pytorch_model.bin", "x");
        hub.Put("gpt2/sub/b.bin", "y");
        hub.Put(".finished", "seed 1");
        hub.Put("bad name/x/f.bin", "z");
        await hub.StartAsync();

        (await hub.JsonAsync("api/models")).EnumerateArray().Select(item => item.GetProperty("id").GetString()).ShouldBe(["gpt2"]);
        (await hub.JsonAsync("api/models/gpt2/tree/main?recursive=true")).GetArrayLength().ShouldBe(3);
    }

    private static async Task<HubSandbox> WithRepos(int count)
    {
        var hub = new HubSandbox();
        for (var i = 0; i < count; i++)
        {
            hub.Put($"acme/m{i}/model.bin", $"content {i}");
            hub.Put($"acme/m{i}/.hub.json", $$"""{"likes":{{i}},"library":"pytorch","pipelineTag":"text-generation"}""");
        }

        await hub.StartAsync();
        return hub;
    }
}
