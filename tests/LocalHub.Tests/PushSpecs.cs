using System.Text.RegularExpressions;
using DynaHug.Shared.Hub;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.LocalHub.Tests;

public sealed class PushSpecs
{
    private static readonly RepoId Repo = RepoId.Parse("new/comer");

    [Fact]
    public async Task A_push_shows_up_in_a_running_hub_with_a_new_commit_and_date()
    {
        await using var hub = new HubSandbox();
        hub.Put("acme/old/a.bin", "a");
        hub.Put("acme/old/.hub.json", """{"lastModified":"2024-01-01T00:00:00Z","createdAt":"2023-01-01T00:00:00Z"}""");
        using var work = new Work();
        await hub.StartAsync();
        (await hub.JsonAsync("api/models?sort=lastModified")).GetArrayLength().ShouldBe(1);
        var before = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

        HubFolder.Push(hub.Folder, Repo, [work.File("pytorch_model.bin", "evil")], "text-generation", TimeProvider.System);
        var first = (await hub.JsonAsync("api/models?sort=lastModified&full=true"))[0];
        HubFolder.Push(hub.Folder, Repo, [work.File("more.bin", "more")], null, TimeProvider.System);
        var second = (await hub.JsonAsync("api/models?sort=lastModified&full=true"))[0];

        first.GetProperty("id").GetString().ShouldBe("new/comer");
        first.GetProperty("pipeline_tag").GetString().ShouldBe("text-generation");
        first.GetProperty("lastModified").GetDateTimeOffset().ShouldBeGreaterThan(before);
        second.GetProperty("sha").GetString().ShouldNotBe(first.GetProperty("sha").GetString());
        second.GetProperty("pipeline_tag").GetString().ShouldBe("text-generation");
        second.GetProperty("createdAt").GetString().ShouldBe(first.GetProperty("createdAt").GetString());
        second.GetProperty("siblings").EnumerateArray().Select(file => file.GetProperty("rfilename").GetString()).ShouldBe(["more.bin", "pytorch_model.bin"]);
        Directory.EnumerateDirectories(hub.Folder).Select(Path.GetFileName).ShouldBe([".former", "acme", "new"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_bytes_of_the_last_states_before_a_push_can_still_be_had_by_their_commit_also_from_a_hub_that_has_begun_since()
    {
        await using var hub = new HubSandbox();
        using var work = new Work();
        HubFolder.Push(hub.Folder, Repo, [work.File("model.bin", "first")], null, TimeProvider.System);
        HubFolder.Push(hub.Folder, Repo, [work.File("model.bin", "second")], null, TimeProvider.System);
        await hub.StartAsync();
        var commits = (await hub.JsonAsync("api/models/new/comer/commits/main")).EnumerateArray().Select(commit => commit.GetProperty("id").GetString()!).ToList();
        commits.Count.ShouldBe(2);

        (await TextAsync(commits[0])).ShouldBe("second");
        (await TextAsync(commits[1])).ShouldBe("first");
        for (var i = 0; i < 4; i++)
        {
            HubFolder.Push(hub.Folder, Repo, [work.File("model.bin", $"later {i}")], null, TimeProvider.System);
        }

        using var forgotten = await hub.GetAsync($"new/comer/resolve/{commits[1]}/model.bin");
        forgotten.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await TextAsync(commits[0])).ShouldBe("second");

        async Task<string> TextAsync(string commit)
        {
            using var redirect = await hub.GetAsync($"new/comer/resolve/{commit}/model.bin");
            using var response = await hub.GetAsync(HubSandbox.Header(redirect, "Location"));
            return await HubSandbox.TextAsync(response);
        }
    }

    [Fact]
    public async Task A_hub_asked_all_the_time_never_shows_half_a_push()
    {
        await using var hub = new HubSandbox();
        using var work = new Work();
        await hub.StartAsync();
        HubFolder.Push(hub.Folder, Repo, [work.File("a.bin", "0"), work.File("b.bin", "0")], null, TimeProvider.System);
        (await hub.JsonAsync("api/models/new/comer")).GetProperty("id").GetString().ShouldBe("new/comer");

        var pushes = Task.Run(() =>
        {
            for (var i = 1; i <= 40; i++)
            {
                HubFolder.Push(hub.Folder, Repo, [work.File("a.bin", $"{i}"), work.File("b.bin", $"{i}")], null, TimeProvider.System);
            }
        }, TestContext.Current.CancellationToken);
        var seen = new List<string>();
        while (!pushes.IsCompleted || seen.Count == 0)
        {
            using var response = await hub.GetAsync("api/models/new/comer?blobs=true");
            var answer = await HubSandbox.TextAsync(response);
            seen.Add(Regex.Matches(answer, "\"sha256\":\"([0-9a-f]{64})\"").Select(match => match.Groups[1].Value).ToList() is [var a, var b] && a == b ? "whole" : answer);
        }

        await pushes;
        seen.ShouldAllBe(answer => answer == "whole");
    }

    [Fact]
    public async Task Files_moved_in_with_old_dates_count_as_new()
    {
        await using var hub = new HubSandbox();
        hub.Put("acme/old/a.bin", "a");
        await hub.StartAsync();
        var started = TimeProvider.System.GetUtcNow();
        await hub.JsonAsync("api/models");
        File.SetLastWriteTimeUtc(hub.Put("acme/moved/b.bin", "b"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        (await hub.JsonAsync("api/models/acme/moved")).GetProperty("lastModified").GetDateTimeOffset().ShouldBeGreaterThanOrEqualTo(started.AddSeconds(-1));
    }

    [Fact]
    public void A_push_that_cannot_be_done_says_why_and_changes_nothing()
    {
        using var work = new Work();
        var file = work.File("x.bin", "x");

        Should.Throw<IOException>(() => HubFolder.Push(Path.Combine(work.Folder, "none"), Repo, [file], null, TimeProvider.System)).Message.ShouldContain("there is no folder");
        Should.Throw<IOException>(() => HubFolder.Push(work.Folder, Repo, [file + "missing"], null, TimeProvider.System)).Message.ShouldContain("there is no file");
        Should.Throw<IOException>(() => HubFolder.Push(work.Folder, Repo, [file, Path.Combine(work.Folder, ".", "x.bin")], null, TimeProvider.System)).Message.ShouldContain("two of the files");
        Directory.EnumerateDirectories(work.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_port_in_use_and_a_missing_folder_are_clear_messages()
    {
        await using var hub = new HubSandbox();
        await hub.StartAsync();
        var taken = new LocalHubOptions { Folder = hub.Folder, Port = hub.Server.HubUrl.Port };
        var missing = new LocalHubOptions { Folder = Path.Combine(hub.Folder, "none") };

        (await Should.ThrowAsync<IOException>(() => LocalHubServer.StartAsync(taken, NullLoggerFactory.Instance, TimeProvider.System, TestContext.Current.CancellationToken)))
            .Message.ShouldBe($"port {hub.Server.HubUrl.Port} is in use; name another with --port, or --port 0 for any free one");
        (await Should.ThrowAsync<IOException>(() => LocalHubServer.StartAsync(missing, NullLoggerFactory.Instance, TimeProvider.System, TestContext.Current.CancellationToken)))
            .Message.ShouldStartWith("there is no folder");
    }

    private sealed class Work : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-push-");

        public string Folder => folder.FullName;

        public string File(string name, string content)
        {
            var place = Path.Combine(Folder, name);
            System.IO.File.WriteAllText(place, content);
            return place;
        }

        public void Dispose() => folder.Delete(recursive: true);
    }
}
