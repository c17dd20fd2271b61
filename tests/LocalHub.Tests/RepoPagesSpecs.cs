using System.Net;
using System.Text;
using System.Text.Json;

namespace DynaHug.LocalHub.Tests;

public sealed class RepoPagesSpecs
{
    [Fact]
    public async Task Names_files_and_folders_as_git_does()
    {
        await using var hub = await WithRepo();
        var tree = await hub.JsonAsync("api/models/acme/demo/tree/main?recursive=true");

        // git hash-object of "hello\n".
        ByPath(tree, "hello.txt").GetProperty("oid").GetString().ShouldBe("ce013625030ba8dba906f756967f9e9ca394464a");
        // git mktree of the one entry "100644 blob ce013625… hello.txt".
        ByPath(tree, "sub").GetProperty("oid").GetString().ShouldBe("aaa96ced2d9a1c8e72c56b253a0e2fe78393feb7");
        ByPath(tree, "sub").GetProperty("type").GetString().ShouldBe("directory");
    }

    [Fact]
    public async Task Names_an_lfs_file_by_sha256_and_its_pointer_by_git()
    {
        await using var hub = await WithRepo();
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("weights\n"u8));
        var inTree = ByPath(await hub.JsonAsync("api/models/acme/demo/tree/main"), "model.bin");
        var inInfo = (await hub.JsonAsync("api/models/acme/demo?blobs=true")).GetProperty("siblings").EnumerateArray()
            .Single(file => file.GetProperty("rfilename").GetString() == "model.bin");
        var pointer = $"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize 8\n";

        inTree.GetProperty("lfs").GetProperty("oid").GetString().ShouldBe(sha256);
        inTree.GetProperty("lfs").GetProperty("pointerSize").GetInt32().ShouldBe(pointer.Length);
        inTree.GetProperty("size").GetInt32().ShouldBe(8);
        inInfo.GetProperty("lfs").GetProperty("sha256").GetString().ShouldBe(sha256);
        inInfo.GetProperty("blobId").GetString().ShouldBe(inTree.GetProperty("oid").GetString());
        using var raw = await hub.GetAsync("acme/demo/raw/main/model.bin");
        (await HubSandbox.TextAsync(raw)).ShouldBe(pointer);
    }

    [Fact]
    public async Task Pages_a_tree_and_takes_fewer_entries_with_details()
    {
        await using var hub = new HubSandbox();
        for (var i = 0; i < 5; i++)
        {
            hub.Put($"acme/demo/f{i}.bin", "x");
        }

        await hub.StartAsync(folder => new LocalHubOptions { Folder = folder, PageSize = 4, ExpandedPageSize = 2 });
        using var plain = await hub.GetAsync("api/models/acme/demo/tree/main");
        using var expanded = await hub.GetAsync("api/models/acme/demo/tree/main?expand=True");
        var link = HubSandbox.Header(plain, "Link");
        var last = await hub.JsonAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)]);

        (await HubSandbox.JsonAsync(plain)).GetArrayLength().ShouldBe(4);
        last.EnumerateArray().Select(file => file.GetProperty("path").GetString()).ShouldBe(["f4.bin"]);
        var detailed = (await HubSandbox.JsonAsync(expanded));
        detailed.GetArrayLength().ShouldBe(2);
        detailed[0].GetProperty("securityFileStatus").GetProperty("status").GetString().ShouldBe("unscanned");
        detailed[0].GetProperty("lastCommit").GetProperty("id").GetString()!.Length.ShouldBe(40);
    }

    [Fact]
    public async Task Takes_paths_by_form_and_by_json()
    {
        await using var hub = await WithRepo();
        using var form = await hub.PostAsync("api/models/acme/demo/paths-info/main", new FormUrlEncodedContent([new("paths", "hello.txt"), new("paths", "sub/hello.txt"), new("paths", "none"), new("expand", "True")]));
        using var json = await hub.PostAsync("api/models/acme/demo/paths-info/main", new StringContent("""{"paths":["hello.txt","sub/hello.txt","none"],"expand":true}""", Encoding.UTF8, "application/json"));
        using var broken = await hub.PostAsync("api/models/acme/demo/paths-info/main", new StringContent("{", Encoding.UTF8, "application/json"));

        var answer = await HubSandbox.TextAsync(json);
        (await HubSandbox.TextAsync(form)).ShouldBe(answer);
        JsonDocument.Parse(answer).RootElement.GetArrayLength().ShouldBe(2);
        broken.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Tells_commits_refs_scan_size_and_who_asks()
    {
        await using var hub = await WithRepo("""{"hubScan":"unsafe"}""");
        var sha = (await hub.JsonAsync("api/models/acme/demo?expand=sha")).GetProperty("sha").GetString();

        (await hub.JsonAsync("api/models/acme/demo/commits/main?limit=10"))[0].GetProperty("id").GetString().ShouldBe(sha);
        (await hub.JsonAsync("api/models/acme/demo/refs?include_prs=1")).GetProperty("branches")[0].GetProperty("targetCommit").GetString().ShouldBe(sha);
        (await hub.JsonAsync("api/models/acme/demo/scan")).GetRawText().ShouldBe("""{"scansDone":true,"filesWithIssues":[{"path":"model.bin","level":"unsafe"}]}""");
        (await hub.JsonAsync("api/models/acme/demo?securityStatus=True")).GetProperty("securityRepoStatus").GetProperty("scansDone").GetBoolean().ShouldBeTrue();
        (await hub.JsonAsync($"api/models/acme/demo/treesize/{sha}/")).GetProperty("size").GetInt32().ShouldBe(20);
        using var anonymous = await hub.GetAsync("api/whoami-v2");
        anonymous.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var known = await hub.GetAsync("api/whoami-v2", token: "hf_any");
        known.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Metadata_changes_no_commit_and_content_does()
    {
        await using var hub = await WithRepo();
        var before = await Sha(hub);
        hub.Put("acme/demo/.hub.json", """{"likes":99}""");
        (await Sha(hub)).ShouldBe(before);

        hub.Put("acme/demo/model.bin", "other weights\n");
        (await Sha(hub)).ShouldNotBe(before);
    }

    [Fact]
    public async Task A_commit_stays_readable_after_the_next_where_its_files_stayed()
    {
        await using var hub = await WithRepo();
        var before = await Sha(hub);
        hub.Put("acme/demo/new.bin", "more");
        await Sha(hub);

        (await hub.JsonAsync($"api/models/acme/demo/tree/{before}")).EnumerateArray().ShouldNotContain(file => file.GetProperty("path").GetString() == "new.bin");
        using var file = await hub.GetAsync($"acme/demo/resolve/{before}/model.bin");
        file.StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    private static async Task<HubSandbox> WithRepo(string metadata = "{}")
    {
        var hub = new HubSandbox();
        hub.Put("acme/demo/hello.txt", "hello\n");
        hub.Put("acme/demo/sub/hello.txt", "hello\n");
        hub.Put("acme/demo/model.bin", "weights\n");
        hub.Put("acme/demo/.hub.json", metadata);
        await hub.StartAsync();
        return hub;
    }

    private static JsonElement ByPath(JsonElement tree, string path) => tree.EnumerateArray().Single(entry => entry.GetProperty("path").GetString() == path);

    private static async Task<string> Sha(HubSandbox hub) => (await hub.JsonAsync("api/models/acme/demo?expand=sha")).GetProperty("sha").GetString()!;
}
