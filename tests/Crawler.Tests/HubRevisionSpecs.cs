using DynaHug.Crawler.Hub;
using DynaHug.LocalHub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;

namespace DynaHug.Crawler.Tests;

public sealed class HubRevisionSpecs
{
    private static readonly RepoId Demo = RepoId.Parse("acme/demo");

    [Fact]
    public async Task Reads_files_over_several_pages_with_sizes_and_content_keys()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/hello.txt", "hello\n");
        sandbox.Put("acme/demo/.hub.json", """{"pipelineTag":"text-generation","hubScan":"unsafe"}""");
        for (var i = 0; i < 5; i++)
        {
            sandbox.Put($"acme/demo/sub/{i}.bin", "weights\n");
        }

        await sandbox.StartAsync(hub: options => new LocalHubOptions { Folder = options.Folder, Faults = options.Faults, PageSize = 3 });
        var found = (await sandbox.Hub.ReadRevisionAsync(Demo, null, CrawlerSandbox.Cancel)).ShouldBeOfType<RevisionAnswer.Found>().Revision;

        found.Files.Select(file => file.Path).ShouldBe(["hello.txt", "sub/0.bin", "sub/1.bin", "sub/2.bin", "sub/3.bin", "sub/4.bin"]);
        found.Files[0].ShouldBe(new RepoFile("hello.txt", 6, ContentKey.OfGit("ce013625030ba8dba906f756967f9e9ca394464a")));
        found.Files[1].ShouldBe(new RepoFile("sub/0.bin", 8, ContentKey.Of(Sha256.OfBytes("weights\n"u8))));
        found.Facts.PipelineTag.ShouldBe("text-generation");
        found.Facts.HubScan.ShouldBe("unsafe");
        (await sandbox.Hub.ReadRevisionAsync(Demo, found.Commit, CrawlerSandbox.Cancel)).ShouldBeOfType<RevisionAnswer.Found>().Revision.Commit.ShouldBe(found.Commit);
    }

    [Fact]
    public async Task A_missing_or_disabled_repo_is_gone_and_a_missing_revision_is_that_alone()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/a.bin", "a");
        sandbox.Put("acme/off/.hub.json", """{"disabled":true}""");
        sandbox.Put("acme/secret/.hub.json", """{"private":true}""");
        await sandbox.StartAsync();

        (await ReadAsync("acme/none", null)).ShouldBe(new RevisionAnswer.Gone("acme/none is missing, or private to others"));
        (await ReadAsync("acme/secret", null)).ShouldBeOfType<RevisionAnswer.Gone>();
        (await ReadAsync("acme/off", null)).ShouldBeOfType<RevisionAnswer.Gone>().Reason.ShouldContain("Access to this resource is disabled.");
        (await ReadAsync("acme/demo", "nope/really")).ShouldBeOfType<RevisionAnswer.NoRevision>().Reason.ShouldContain("Invalid rev id: nope/really");
        (await ReadAsync("acme/demo", "../../x")).ShouldBeOfType<RevisionAnswer.NoRevision>().Reason.ShouldContain("no revision");

        Task<RevisionAnswer> ReadAsync(string repo, string? revision) => sandbox.Hub.ReadRevisionAsync(RepoId.Parse(repo), revision, CrawlerSandbox.Cancel);
    }

    [Fact]
    public async Task A_gate_before_the_file_list_is_gated()
    {
        await using var sandbox = new CrawlerSandbox { Faults = _ => new HubFault.Answer(403, "{}", Headers: [("X-Error-Code", "GatedRepo"), ("X-Error-Message", "ask first")]) };
        await sandbox.StartAsync();
        (await sandbox.Hub.ReadRevisionAsync(Demo, null, CrawlerSandbox.Cancel)).ShouldBe(new RevisionAnswer.Gated("ask first"));
    }

    [Fact]
    public async Task A_redirect_to_another_name_is_a_rename()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/a.bin", "a");
        sandbox.Faults = request => request.Target.Contains("/old/", StringComparison.Ordinal)
            ? new HubFault.Answer(307, Headers: ("Location", "/api/models/acme/demo/revision/main?securityStatus=true"))
            : null;
        await sandbox.StartAsync();
        (await sandbox.Hub.ReadRevisionAsync(RepoId.Parse("acme/old"), null, CrawlerSandbox.Cancel)).ShouldBe(new RevisionAnswer.Renamed(Demo));
    }

    [Fact]
    public async Task Unsafe_paths_and_broken_entries_of_a_tree_are_skipped_and_counted()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/a.bin", "a");
        var oid = new string('a', 40);
        sandbox.Faults = request => !request.Target.Contains("/tree/", StringComparison.Ordinal) ? null : new HubFault.Answer(200, $$$"""
            [{"type":"directory","oid":"{{{oid}}}","size":0,"path":"sub"},
             {"type":"file","oid":"{{{oid}}}","size":1,"path":"../../evil.bin"},
             {"type":"file","oid":"{{{oid}}}","size":1,"path":"/etc/passwd"},
             {"type":"file","oid":"{{{oid}}}","size":1,"path":"a\\b.bin"},
             {"type":"file","oid":"{{{oid}}}","size":-1,"path":"negative.bin"},
             {"type":"file","oid":"{{{oid}}}","size":1e300,"path":"huge.bin"},
             {"type":"file","oid":"short","size":1,"path":"short.bin"},
             {"type":"file","oid":"{{{oid}}}","size":1,"path":"lfs.bin","lfs":{"oid":"nope","size":1}},
             {"type":"file","oid":"{{{oid}}}","size":1,"path":"good.bin"},
             {"type":"file","oid":"{{{oid}}}","size":2,"path":"good.bin"}]
            """);
        await sandbox.StartAsync();

        var found = (await sandbox.Hub.ReadRevisionAsync(Demo, null, CrawlerSandbox.Cancel)).ShouldBeOfType<RevisionAnswer.Found>().Revision;

        found.Files.ShouldBe([new RepoFile("good.bin", 1, ContentKey.OfGit(oid))]);
        sandbox.Hub.SkippedEntries.ShouldBe(8);
    }

    [Fact]
    public async Task An_answer_for_another_commit_is_not_taken()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Faults = _ => new HubFault.Answer(200, $$"""{"id":"acme/demo","sha":"{{new string('b', 40)}}"}""");
        await sandbox.StartAsync();
        await Should.ThrowAsync<HubException>(() => sandbox.Hub.ReadRevisionAsync(Demo, new string('a', 40), CrawlerSandbox.Cancel));
    }
}
