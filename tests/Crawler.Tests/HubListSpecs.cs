using CsCheck;
using DynaHug.Crawler.Hub;
using DynaHug.LocalHub;
using DynaHug.Shared.Hub;

namespace DynaHug.Crawler.Tests;

public sealed class HubListSpecs
{
    [Fact]
    public async Task Walks_over_all_pages_and_sees_each_repo_once_with_its_facts()
    {
        await using var sandbox = WithRepos(7);
        await sandbox.StartAsync(Paged(3));

        var repos = await ListAsync(sandbox, HubQuery.All);

        repos.Select(repo => repo.Repo.Value).Order().ShouldBe(Enumerable.Range(0, 7).Select(i => $"acme/m{i}"));
        sandbox.Requests.Count.ShouldBe(3);
        sandbox.Requests.First().Target.ShouldStartWith("/api/models?sort=createdAt&limit=3&expand=sha&expand=lastModified&");
        var third = repos.Single(repo => repo.Repo.Value == "acme/m3");
        third.Facts.Place!.Key.Length.ShouldBe(24);
        (third.Facts with { Place = null }).ShouldBe(new RepoFacts("text-generation", "pytorch", 3, 30, DateTimeOffset.Parse("2024-01-04T00:00:00Z"), Gated: true));
        third.FileNames.ShouldBe(["model.bin"]);
        third.Commit.Length.ShouldBe(40);
        sandbox.Hub.SkippedEntries.ShouldBe(0);
    }

    [Fact]
    public async Task Asks_for_changes_newest_first_and_stops_behind_the_moment()
    {
        await using var sandbox = WithRepos(9);
        await sandbox.StartAsync(Paged(2));

        var repos = await ListAsync(sandbox, HubQuery.ChangedSince(DateTimeOffset.Parse("2024-01-08T00:00:00Z")));

        repos.Select(repo => repo.Repo.Value).ShouldBe(["acme/m8", "acme/m7"]);
        sandbox.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Skips_and_counts_entries_that_cannot_be_used()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Faults = _ => new HubFault.Answer(200, $$"""
            [{"id":"../../etc","sha":"{{new string('a', 40)}}"},
             {"id":"acme/no-sha"},
             {"id":"acme/bad-sha","sha":"zz"},
             {"id":7,"sha":"{{new string('a', 40)}}"},
             {"id":"acme/\ud800","sha":"{{new string('a', 40)}}"},
             null, 5, [], "x",
             {"id":"acme/good","sha":"{{new string('A', 40)}}","likes":-5,"downloads":"many","pipeline_tag":{"a":1},"library_name":"\u001b[31m","gated":"manual","lastModified":"never","siblings":[{"rfilename":"../x.bin"}]}]
            """);
        await sandbox.StartAsync();

        var repo = (await ListAsync(sandbox, HubQuery.All)).ShouldHaveSingleItem();

        repo.ShouldBe(new ListedRepo(RepoId.Parse("acme/good"), new string('a', 40), new RepoFacts(null, null, 0, 0, DateTimeOffset.UnixEpoch, Gated: true), null));
        sandbox.Hub.SkippedEntries.ShouldBe(9);
    }

    [Theory]
    [InlineData("<http://169.254.169.254/latest?cursor=a>; rel=\"next\"")]
    [InlineData("<http://localhost:1/api/models?cursor=a>; rel=\"next\"")]
    [InlineData("<file:///etc/passwd>; rel=\"next\"")]
    public async Task Follows_no_page_to_another_host(string link)
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Faults = _ => new HubFault.Answer(200, "[]", Headers: ("Link", link));
        await sandbox.StartAsync();
        (await Should.ThrowAsync<HubException>(() => ListAsync(sandbox, HubQuery.All))).Message.ShouldContain("not followed");
        sandbox.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Does_not_page_in_circles()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Faults = _ => new HubFault.Answer(200, "[]", Headers: ("Link", $"<{sandbox.Server.HubUrl}api/models?cursor=same>; rel=\"next\""));
        await sandbox.StartAsync();
        (await Should.ThrowAsync<HubException>(() => ListAsync(sandbox, HubQuery.All))).Message.ShouldContain("pages without end");
    }

    [Theory]
    [InlineData("<html>Welcome to the wifi</html>", "does not answer as a hub")]
    [InlineData("{\"error\":1}", "does not answer as a hub")]
    [InlineData("[{\"id\":\"a/b\"", "does not answer as a hub")]
    [InlineData("", "does not answer as a hub")]
    public async Task Says_so_where_the_answer_is_no_listing(string body, string message)
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Faults = _ => new HubFault.Answer(200, body);
        await sandbox.StartAsync();
        (await Should.ThrowAsync<HubException>(() => ListAsync(sandbox, HubQuery.All))).Message.ShouldContain(message);
    }

    [Fact]
    public void Entries_of_any_shape_are_read_without_throwing()
    {
        string[] names = ["id", "sha", "lfs", "oid", "path", "size", "siblings", "gated", "lastModified", "securityRepoStatus", "likes"];
        string[] values =
        [
            "null", "-1", "1e999", "99999999999999999999", "\"\"", "\"acme/demo\"", "\"\\ud800\"", $"\"{new string('a', 40)}\"", "[]", "[null,5,{\"rfilename\":[]}]",
            "{\"oid\":1,\"size\":\"x\"}", "{\"filesWithIssues\":[1,{\"level\":\"\\u0000\"}],\"scansDone\":3}", "true", "\"0001-01-01T00:00:00+14:00\"",
        ];
        Gen.Select(Gen.Int[0, names.Length - 1], Gen.Int[0, values.Length - 1]).List[0, 12].Sample(
            members =>
            {
                using var entry = System.Text.Json.JsonDocument.Parse($"{{{string.Join(',', members.Select(member => $"\"{names[member.Item1]}\":{values[member.Item2]}"))}}}");
                HubJson.ToListedRepo(entry.RootElement);
                HubJson.ToFile(entry.RootElement);
            },
            iter: 2000);
    }

    private static CrawlerSandbox WithRepos(int count)
    {
        var sandbox = new CrawlerSandbox();
        for (var i = 0; i < count; i++)
        {
            sandbox.Put($"acme/m{i}/model.bin", $"content {i}");
            sandbox.Put($"acme/m{i}/.hub.json", $$"""
                {"likes":{{i}},"downloads":{{i * 10}},"library":"pytorch","pipelineTag":"text-generation","gated":"auto","lastModified":"2024-01-0{{i + 1}}T00:00:00Z"}
                """);
        }

        return sandbox;
    }

    private static Func<HubOptions, HubOptions> Paged(int size) => options => new HubOptions { Endpoint = options.Endpoint, RetryDelay = options.RetryDelay, PageSize = size };

    private static async Task<List<ListedRepo>> ListAsync(CrawlerSandbox sandbox, HubQuery query)
    {
        var repos = new List<ListedRepo>();
        await foreach (var repo in sandbox.Hub.ListAsync(query, CrawlerSandbox.Cancel))
        {
            repos.Add(repo);
        }

        return repos;
    }
}
