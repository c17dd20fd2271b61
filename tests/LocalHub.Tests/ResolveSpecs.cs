using System.Net;

namespace DynaHug.LocalHub.Tests;

public sealed class ResolveSpecs
{
    private const string Oid = "ce013625030ba8dba906f756967f9e9ca394464a";

    [Fact]
    public async Task Sends_plain_files_to_a_relative_cache_address_pinned_to_the_commit()
    {
        await using var hub = await WithRepo();
        var sha = await Sha(hub);
        using var first = await hub.GetAsync("acme/demo/resolve/main/sub/hello.txt");
        var location = HubSandbox.Header(first, "Location");
        using var second = await hub.GetAsync(location);

        ((int)first.StatusCode).ShouldBe(307);
        location.ShouldBe($"/api/resolve-cache/models/acme/demo/{sha}/sub/hello.txt?%2Facme%2Fdemo%2Fresolve%2Fmain%2Fsub%2Fhello.txt=&etag=%22{Oid}%22");
        HubSandbox.Header(first, "X-Repo-Commit").ShouldBe(sha);
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        HubSandbox.Header(second, "ETag").ShouldBe($"\"{Oid}\"");
        HubSandbox.Header(second, "X-Repo-Commit").ShouldBe(sha);
        HubSandbox.Header(second, "Content-Length").ShouldBe("6");
        (await HubSandbox.TextAsync(second)).ShouldBe("hello\n");
    }

    [Fact]
    public async Task Sends_lfs_files_to_the_file_host_by_a_signed_address()
    {
        await using var hub = await WithRepo();
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("weights\n"u8));
        using var first = await hub.SendAsync(HttpMethod.Head, "acme/demo/resolve/main/model.bin");
        var location = HubSandbox.Header(first, "Location");
        using var second = await hub.GetAsync(location);
        using var forged = await hub.GetAsync(location[..^1] + (location[^1] == '0' ? '1' : '0'));
        using var withToken = await hub.GetAsync(location, token: "hf_leaked");

        first.StatusCode.ShouldBe(HttpStatusCode.Found);
        location.ShouldStartWith($"{hub.Server.BlobUrl}blob/{sha256}?expires=");
        HubSandbox.Header(first, "X-Linked-Size").ShouldBe("8");
        HubSandbox.Header(first, "X-Linked-ETag").ShouldBe($"\"{sha256}\"");
        HubSandbox.Header(first, "Accept-Ranges").ShouldBe("bytes");
        HubSandbox.Header(first, "X-Repo-Commit").ShouldBe(await Sha(hub));
        (await HubSandbox.TextAsync(second)).ShouldBe("weights\n");
        forged.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        withToken.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Signed_addresses_expire()
    {
        await using var hub = await WithRepo(options: folder => new LocalHubOptions { Folder = folder, SignedFor = TimeSpan.FromSeconds(-5) });
        using var first = await hub.GetAsync("acme/demo/resolve/main/model.bin");
        using var late = await hub.GetAsync(HubSandbox.Header(first, "Location"));
        late.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("bytes=0-0", 206, "bytes 0-0/8", "w")]
    [InlineData("bytes=3-", 206, "bytes 3-7/8", "ghts\n")]
    [InlineData("bytes=-2", 206, "bytes 6-7/8", "s\n")]
    [InlineData("bytes=8-", 416, "bytes */8", "")]
    [InlineData("nonsense", 200, "", "weights\n")]
    public async Task Gives_ranges(string range, int status, string contentRange, string body)
    {
        await using var hub = await WithRepo();
        using var first = await hub.GetAsync("acme/demo/resolve/main/model.bin");
        using var part = await hub.GetAsync(HubSandbox.Header(first, "Location"), range);

        ((int)part.StatusCode).ShouldBe(status);
        HubSandbox.Header(part, "Content-Range").ShouldBe(contentRange);
        (await HubSandbox.TextAsync(part)).ShouldBe(body);
    }

    [Theory]
    [InlineData("acme/none/resolve/main/x", null, 401, "RepoNotFound", "Invalid username or password.")]
    [InlineData("acme/none/resolve/main/x", "hf_known", 404, "RepoNotFound", "Repository not found")]
    [InlineData("api/models/acme/none", null, 401, "RepoNotFound", "Invalid username or password.")]
    [InlineData("api/models/acme/none", "hf_wrong", 401, "", "Invalid credentials in Authorization header")]
    [InlineData("acme/demo/resolve/nope/hello.txt", null, 404, "RevisionNotFound", "Invalid rev id: nope")]
    [InlineData("api/models/acme/demo/revision/refs%2Fpr%2F1", null, 404, "RevisionNotFound", "Invalid rev id: refs/pr/1")]
    [InlineData("acme/demo/resolve/main/nope.txt", null, 404, "EntryNotFound", "Entry not found")]
    [InlineData("acme/gated/resolve/main/a.txt", null, 401, "GatedRepo", "Access to model acme/gated is restricted. You must have access to it and be authenticated to access it. Please log in.")]
    [InlineData("acme/gated/resolve/main/a.txt", "hf_known", 403, "GatedRepo", "Access to model acme/gated is restricted and you are not in the authorized list. Visit the model's page to ask for access.")]
    [InlineData("acme/off/resolve/main/a.txt", null, 403, "", "Access to this resource is disabled.")]
    public async Task Says_what_is_wrong_as_the_hub_does(string target, string? token, int status, string code, string message)
    {
        await using var hub = await WithRepo(options: folder => new LocalHubOptions { Folder = folder, MemberTokens = ["hf_member"], Tokens = ["hf_known"] });
        using var response = await hub.GetAsync(target, token: token);

        ((int)response.StatusCode).ShouldBe(status);
        HubSandbox.Header(response, "X-Error-Code").ShouldBe(code);
        HubSandbox.Header(response, "X-Error-Message").ShouldBe(message);
        HubSandbox.Header(response, "X-Request-Id").ShouldNotBeEmpty();
        (await HubSandbox.JsonAsync(response)).GetProperty("error").GetString().ShouldBe(message);
        HubSandbox.Header(response, "X-Repo-Commit").Length.ShouldBe(code == "EntryNotFound" ? 40 : 0);
    }

    [Fact]
    public async Task Gives_gated_bytes_to_members_at_once_and_the_file_list_to_all()
    {
        await using var hub = await WithRepo(options: folder => new LocalHubOptions { Folder = folder, MemberTokens = ["hf_member"] });
        using var file = await hub.GetAsync("acme/gated/resolve/main/a.txt", token: "hf_member");
        file.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await hub.JsonAsync("api/models/acme/gated")).GetProperty("gated").GetString().ShouldBe("manual");
    }

    [Theory]
    [InlineData("acme/demo/resolve/main/.hub.json")]
    [InlineData("acme/demo/resolve/main/link.txt")]
    [InlineData("acme/demo/resolve/main/linked/passwd")]
    [InlineData("acme/demo/resolve/main/..%2F..%2Fother%2Fsecret.txt")]
    [InlineData("acme/demo/resolve/main/%2e%2e/%2e%2e/outside.txt")]
    [InlineData("acme/demo/resolve/main//etc/passwd")]
    public async Task Serves_nothing_from_outside_the_repo(string target)
    {
        await using var hub = await WithRepo();
        hub.Put("other/secret.txt", "secret");
        hub.Put("outside.txt", "outside");
        File.CreateSymbolicLink(Path.Combine(hub.Folder, "acme/demo/link.txt"), "/etc/passwd");
        Directory.CreateSymbolicLink(Path.Combine(hub.Folder, "acme/demo/linked"), "/etc");
        Directory.CreateSymbolicLink(Path.Combine(hub.Folder, "acme/linkedrepo"), "/etc");

        using var response = await hub.GetAsync(target);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await hub.JsonAsync("api/models/acme/demo/tree/main?recursive=true")).EnumerateArray().Select(file => file.GetProperty("path").GetString())
            .ShouldBe(["hello.txt", "model.bin", "sub", "sub/hello.txt"]);
        using var repo = await hub.GetAsync("api/models/acme/linkedrepo");
        repo.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Counts_requests_by_bucket_and_says_so_on_every_answer()
    {
        await using var hub = await WithRepo(options: folder => new LocalHubOptions { Folder = folder, ApiQuota = 2 });
        using var first = await hub.GetAsync("api/models");
        using var second = await hub.GetAsync("api/models/acme/none");
        using var third = await hub.GetAsync("api/models");
        using var download = await hub.GetAsync("acme/demo/resolve/main/model.bin");

        HubSandbox.Header(first, "RateLimit").ShouldBe("\"api\";r=1;t=300");
        HubSandbox.Header(first, "RateLimit-Policy").ShouldBe("\"fixed window\";\"api\";q=2;w=300");
        HubSandbox.Header(second, "RateLimit").ShouldStartWith("\"api\";r=0;t=");
        ((int)third.StatusCode).ShouldBe(429);
        (await HubSandbox.TextAsync(third)).ShouldContain("you hit the quota of 2 api requests per 5 minutes period");
        HubSandbox.Header(download, "RateLimit").ShouldStartWith("\"resolvers\";r=499999;t=");
    }

    private static async Task<HubSandbox> WithRepo(Func<string, LocalHubOptions>? options = null)
    {
        var hub = new HubSandbox();
        hub.Put("acme/demo/hello.txt", "hello\n");
        hub.Put("acme/demo/sub/hello.txt", "hello\n");
        hub.Put("acme/demo/model.bin", "weights\n");
        hub.Put("acme/demo/.hub.json", "{}");
        hub.Put("acme/gated/a.txt", "a");
        hub.Put("acme/gated/.hub.json", """{"gated":"manual"}""");
        hub.Put("acme/off/a.txt", "a");
        hub.Put("acme/off/.hub.json", """{"disabled":true}""");
        await hub.StartAsync(options);
        return hub;
    }

    private static async Task<string> Sha(HubSandbox hub) => (await hub.JsonAsync("api/models/acme/demo?expand=sha")).GetProperty("sha").GetString()!;
}
