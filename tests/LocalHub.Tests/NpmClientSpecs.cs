using System.Text.Json;
using DynaHug.Shared.Tests;

namespace DynaHug.LocalHub.Tests;

/// <summary>The JavaScript client of the public hub, as npm has it, against the local one.</summary>
[Trait("kind", "npm")]
public sealed class NpmClientSpecs
{
    private const string Package = "@huggingface/hub@2.17.5";

    private const string Script = """
        import { listModels, modelInfo, listFiles, pathsInfo, listCommits, fileExists, fileDownloadInfo, downloadFile, checkRepoAccess, whoAmI } from "@huggingface/hub";
        const hubUrl = process.argv[2];
        const repo = { type: "model", name: "acme/demo" };
        const all = async items => { const list = []; for await (const item of items) list.push(item); return list; };
        const text = async (path, from, to) => {
          const blob = await downloadFile({ repo, path, hubUrl });
          return await (from === undefined ? blob : blob.slice(from, to)).text();
        };
        const failure = async action => { try { await action(); return "none"; } catch (problem) { return `${problem.statusCode ?? problem.message}`; } };
        const info = await modelInfo({ name: "acme/demo", hubUrl, additionalFields: ["sha", "library_name"] });
        const download = await fileDownloadInfo({ repo, path: "model.bin", hubUrl });
        console.log(JSON.stringify({
          names: (await all(listModels({ sort: "likes", hubUrl, additionalFields: ["sha", "tags"] }))).map(model => model.name),
          found: (await all(listModels({ search: { query: "DEMO", owner: "acme", task: "text-generation", tags: ["pytorch"] }, limit: 1, hubUrl }))).map(model => model.name),
          task: info.task, library: info.library_name, sha: info.sha.length,
          files: (await all(listFiles({ repo, recursive: true, expand: true, hubUrl }))).map(file => `${file.type} ${file.path} ${file.size} ${file.lfs?.oid ?? ""}`),
          paths: (await pathsInfo({ repo, paths: ["hello.txt", "none"], expand: true, hubUrl })).map(file => file.path),
          commits: (await all(listCommits({ repo, hubUrl }))).length,
          exists: [await fileExists({ repo, path: "hello.txt", hubUrl }), await fileExists({ repo, path: "none", hubUrl })],
          size: download.size, etag: download.etag,
          plain: await text("hello.txt"), lfs: await text("model.bin"), slice: await text("model.bin", 2, 5),
          access: await failure(() => checkRepoAccess({ repo, hubUrl })),
          missing: await failure(() => checkRepoAccess({ repo: { type: "model", name: "acme/none" }, hubUrl })),
          gated: await failure(() => downloadFile({ repo: { type: "model", name: "acme/gated" }, path: "a.txt", hubUrl })),
          who: (await whoAmI({ accessToken: "hf_any", hubUrl })).name,
        }));
        """;

    [Fact]
    public async Task The_npm_client_lists_reads_and_downloads_with_ranges()
    {
        await using var hub = new HubSandbox();
        hub.Put("acme/demo/hello.txt", "hello\n");
        hub.Put("acme/demo/model.bin", "weights\n");
        hub.Put("acme/demo/.hub.json", """{"likes":5,"library":"pytorch","pipelineTag":"text-generation"}""");
        hub.Put("acme/gated/a.txt", "a");
        hub.Put("acme/gated/.hub.json", """{"likes":4,"gated":"manual"}""");
        hub.Put("acme/third/a.txt", "a");
        await hub.StartAsync(folder => new LocalHubOptions { Folder = folder, PageSize = 2 });
        using var work = new NodeFolder();
        var missing = await work.InstallAsync(Package);
        Assert.SkipUnless(missing.Length == 0, missing);
        await File.WriteAllTextAsync(Path.Combine(work.Path, "client.mjs"), Script, TestContext.Current.CancellationToken);

        var run = await work.TryAsync("node", "client.mjs", hub.Server.HubUrl.AbsoluteUri.TrimEnd('/'));

        run.Code.ShouldBe(0, run.Errors);
        using var json = JsonDocument.Parse(run.Output);
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("weights\n"u8));
        Texts(json, "names").ShouldBe(["acme/demo", "acme/gated", "acme/third"]);
        Texts(json, "found").ShouldBe(["acme/demo"]);
        Text(json, "task").ShouldBe("text-generation");
        Text(json, "library").ShouldBe("pytorch");
        Text(json, "sha").ShouldBe("40");
        Texts(json, "files").ShouldBe(["file hello.txt 6 ", $"file model.bin 8 {sha256}"]);
        Texts(json, "paths").ShouldBe(["hello.txt"]);
        Text(json, "commits").ShouldBe("1");
        Texts(json, "exists").ShouldBe(["True", "False"]);
        Text(json, "size").ShouldBe("8");
        Text(json, "etag").ShouldContain(sha256);
        Text(json, "plain").ShouldBe("hello\n");
        Text(json, "lfs").ShouldBe("weights\n");
        Text(json, "slice").ShouldBe("igh");
        Text(json, "access").ShouldBe("none");
        Text(json, "missing").ShouldBe("401");
        Text(json, "gated").ShouldBe("401");
        Text(json, "who").ShouldBe("local");
    }

    private static string Text(JsonDocument json, string name) => json.RootElement.GetProperty(name).ToString();

    private static IEnumerable<string> Texts(JsonDocument json, string name) => json.RootElement.GetProperty(name).EnumerateArray().Select(item => item.ToString());
}
