using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Tests.Databases;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Tests;
using DynaHug.Shared.Verdicts;
using LinqToDB.Data;
using static DynaHug.Coordinator.Tests.ReadModel.Story;

namespace DynaHug.Coordinator.Tests.ReadModel;

/// <summary>On a file of its own.</summary>
public sealed class SqliteReadModelSpecs : ReadModelSpecs
{
    internal override Task<TemporaryReadModel> MakeAsync() => TemporaryReadModel.MakeAsync(Cancel);
}

/// <summary>On a database of a real PostgreSQL server.</summary>
public sealed class PostgresReadModelSpecs(SharedPostgres postgres) : ReadModelSpecs
{
    internal override async Task<TemporaryReadModel> MakeAsync()
    {
        Assert.SkipUnless(PostgresServer.WhyNot.Length == 0, PostgresServer.WhyNot);
        return await TemporaryReadModel.MakeAsync(Cancel, await postgres.MakeAsync(Cancel));
    }

    [Fact]
    public async Task Names_with_a_NUL_in_them_do_not_hold_up_the_projection()
    {
        using var readModel = await MakeAsync();
        await new Story().Repo("odd/names", BenignLoad("odd"), Label.Benign, "p1", reason: "nul \0 here", hubScan: "un\0safe").ApplyToAsync(readModel.Writer, Cancel);

        (await readModel.Queries.RepoAsync(RepoId.Parse("odd/names"), Cancel))!.Summary.HubScan.ShouldBe("un\uFFFDsafe");
    }

    [Fact]
    public async Task Two_projections_that_run_for_a_moment_count_nothing_twice()
    {
        using var both = await MakeAsync();
        using var whole = await MakeAsync();
        var story = ThreeRepos();
        await story.ApplyToAsync(whole.Writer, Cancel);

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => new ReadModelWriter(both.Database).ApplyAsync("hub", [.. story.Events], Cancel)));

        (await DumpAsync(both)).ShouldBe(await DumpAsync(whole));
    }
}

/// <summary>The same on every database.</summary>
public abstract partial class ReadModelSpecs
{
    private static readonly Indicator Started = new("program-started", "/usr/bin/id");

    /// <summary>An empty read model.</summary>
    internal abstract Task<TemporaryReadModel> MakeAsync();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static Story ThreeRepos() => new Story()
        .Repo("acme/good", BenignLoad("good"), Label.Benign, "p1", likes: 50)
        .Repo("evil/bad", Loaded("bad", [Started]), Label.Malicious, "p1", likes: 2, reason: "started a program: /usr/bin/id")
        .Observed("acme/open", likes: 70)
        .Planned("acme/open", File("a.bin", "open"));

    [Fact]
    public async Task Counts_repos_files_and_contents_as_events_say()
    {
        using var readModel = await MakeAsync();
        await ThreeRepos().ApplyToAsync(readModel.Writer, Cancel);

        var overview = await readModel.Queries.OverviewAsync(Cancel);

        (overview.Repos, overview.JudgedRepos, overview.OpenRepos, overview.FlaggedRepos).ShouldBe((3, 2, 1, 1));
        (overview.FetchedArtifacts, overview.AnalysedArtifacts).ShouldBe((2, 2));
        overview.Coverage["analysed"].ShouldBe(2);
        overview.Coverage["open"].ShouldBe(1);
        overview.Coverage["timed-out"].ShouldBe(0);
        overview.Labels["malicious"].ShouldBe(1);
        overview.LastVerdictAt.ShouldNotBeNull();
        (await readModel.Queries.CountOpenReposAsync(Cancel)).ShouldBe(1);
        (await readModel.Queries.EnvironmentsAsync(Cancel)).ShouldBe(["env-1"]);
        (await readModel.Queries.TaskClustersAsync(Cancel)).ShouldBe(["text-generation"]);
        (await readModel.Queries.TaskClusterFiguresAsync(Cancel)).Single().Indicators["program-started"].ShouldBe(1);
    }

    [Fact]
    public async Task Events_that_come_twice_or_in_other_batches_change_nothing()
    {
        using var whole = await MakeAsync();
        using var pieces = await MakeAsync();
        var story = ThreeRepos();
        await story.ApplyToAsync(whole.Writer, Cancel);

        foreach (var one in story.Events)
        {
            await pieces.Writer.ApplyAsync("hub", [one], Cancel);
            await pieces.Writer.ApplyAsync("hub", [.. story.Events.Where(known => known.Offset <= one.Offset)], Cancel);
        }

        await story.ApplyToAsync(pieces.Writer, Cancel);
        (await DumpAsync(pieces)).ShouldBe(await DumpAsync(whole));
    }

    [Fact]
    public async Task Goes_on_at_its_offset_after_a_restart()
    {
        using var readModel = await MakeAsync();
        var story = ThreeRepos();
        await readModel.Writer.ApplyAsync("hub", [.. story.Events.Take(7)], Cancel);
        (await readModel.Writer.ReadOffsetAsync("hub", Cancel)).ShouldBe(7);

        await readModel.ReopenAsync(Cancel);
        (await readModel.Writer.ReadOffsetAsync("hub", Cancel)).ShouldBe(7);
        await readModel.Writer.ApplyAsync("hub", [.. story.Events.Skip(5)], Cancel);

        await readModel.ReopenAsync(Cancel);
        using var whole = await MakeAsync();
        await story.ApplyToAsync(whole.Writer, Cancel);
        (await DumpAsync(readModel)).ShouldBe(await DumpAsync(whole));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(9)]
    public async Task Survives_events_whose_beginning_it_never_saw(int missing)
    {
        using var readModel = await MakeAsync();
        await readModel.Writer.ApplyAsync("hub", [.. ThreeRepos().Events.Skip(missing)], Cancel);

        var overview = await readModel.Queries.OverviewAsync(Cancel);
        overview.FlaggedRepos.ShouldBe(1);
        overview.Repos.ShouldBe((await readModel.Queries.ReposAsync(new RepoFilter(), null, 100, Cancel)).Items.Count);
        overview.Coverage.Values.Min().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task Unknown_events_count_as_read()
    {
        using var readModel = await MakeAsync();
        await readModel.Writer.ApplyAsync("hub", [(5, "a later version's event"), (6, new object())], Cancel);
        (await readModel.Writer.ReadOffsetAsync("hub", Cancel)).ShouldBe(6);
    }

    [Fact]
    public async Task A_failed_batch_leaves_neither_rows_nor_offset()
    {
        using var readModel = await MakeAsync();
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => ThreeRepos().ApplyToAsync(readModel.Writer, stopped.Token));

        (await readModel.Writer.ReadOffsetAsync("hub", Cancel)).ShouldBe(0);
        (await readModel.Queries.OverviewAsync(Cancel)).Repos.ShouldBe(0);
    }

    [Fact]
    public async Task A_new_revision_is_open_until_its_own_verdict_and_history_keeps_the_former_one()
    {
        using var readModel = await MakeAsync();
        var story = ThreeRepos().Observed("evil/bad", revision: 2);
        await story.ApplyToAsync(readModel.Writer, Cancel);

        var details = await readModel.Queries.RepoAsync(RepoId.Parse("evil/bad"), Cancel);
        details!.Summary.Label.ShouldBeNull();
        details.Files.ShouldBeEmpty();
        details.History.Single().Label.ShouldBe(Label.Malicious);
        details.History.Single().Profiles.ShouldBe(["p1"]);
        (await readModel.Queries.OverviewAsync(Cancel)).FlaggedRepos.ShouldBe(0);

        story.Rescored("evil/bad", Loaded("bad", [Started]), Label.Malicious, "p2");
        await story.ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.RepoAsync(RepoId.Parse("evil/bad"), Cancel))!.Summary.Label.ShouldBeNull("a verdict on the former revision is history only");
    }

    [Fact]
    public async Task One_file_is_found_without_the_others()
    {
        using var readModel = await MakeAsync();
        await ThreeRepos().ApplyToAsync(readModel.Writer, Cancel);
        var repo = (await readModel.Queries.RepoAsync(RepoId.Parse("evil/bad"), Cancel))!;

        var file = await readModel.Queries.FileAsync(repo.Summary.Repo, repo.Files[0].Path, Cancel);

        file!.Artifact.ShouldBe(repo.Files[0].Artifact);
        file.Verdict!.Label.ShouldBe(Label.Malicious);
        (await readModel.Queries.FileAsync(repo.Summary.Repo, "no/such", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task An_unreadable_revision_is_unknown_with_its_outcome_counted()
    {
        using var readModel = await MakeAsync();
        var gated = new FileVerdict(Label.Unknown, Outcome.Gated, "needs consent", null, [], ["needs consent"], null, null);
        await new Story().Observed("acme/gated").Verdict("acme/gated", Label.Unknown, ["needs consent"], [new JudgedFile("", 0, null, gated)]).ApplyToAsync(readModel.Writer, Cancel);

        (await readModel.Queries.OverviewAsync(Cancel)).Coverage["gated"].ShouldBe(1);
        (await readModel.Queries.RepoAsync(RepoId.Parse("acme/gated"), Cancel))!.Files.Single().Content.ShouldBeNull();
        (await readModel.Queries.ReposAsync(new RepoFilter { Outcome = "gated" }, null, 10, Cancel)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Flags_are_told_once_in_their_order_and_a_rescore_moves_none()
    {
        using var readModel = await MakeAsync();
        var bad = Loaded("bad", [Started]);
        var story = ThreeRepos();
        await story.ApplyToAsync(readModel.Writer, Cancel);
        var shown = (await readModel.Queries.OverviewAsync(Cancel)).LastVerdictAt;

        story.Rescored("evil/bad", bad, Label.Malicious, "p2").Repo("evil/worse", Loaded("worse", [Started]), Label.Malicious);
        await story.ApplyToAsync(readModel.Writer, Cancel);

        (await readModel.Queries.FlaggedSinceAsync(shown, Cancel).Select(repo => repo.Repo.Value).ToListAsync(Cancel)).ShouldBe(["evil/worse"]);
        (await readModel.Queries.FlaggedSinceAsync(null, Cancel).Select(repo => repo.Repo.Value).ToListAsync(Cancel)).ShouldBe(["evil/bad", "evil/worse"]);
        (await readModel.Queries.FlaggedAsync(new RepoFilter(), null, 10, Cancel)).Items.Select(repo => repo.Repo.Value).ShouldBe(["evil/worse", "evil/bad"]);
        (await readModel.Queries.FlaggedSinceAsync((await readModel.Queries.OverviewAsync(Cancel)).LastVerdictAt, Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_tables_that_a_later_version_has_written()
    {
        using var readModel = await MakeAsync();
        await readModel.ExecuteAsync("INSERT INTO schema_version (version) VALUES (99)", Cancel);

        (await Should.ThrowAsync<UsageException>(() => new ReadModelSchema(readModel.Database).MigrateAsync(Cancel))).Message.ShouldContain("99");
    }

    [Fact]
    public async Task Readers_read_while_the_projection_writes()
    {
        using var readModel = await MakeAsync();
        var story = new Story();
        for (var number = 0; number < 60; number++)
        {
            story.Repo($"many/m{number}", BenignLoad($"many {number}"), Label.Benign, "p1");
        }

        var writing = Task.Run(async () =>
        {
            foreach (var batch in story.Events.Chunk(10))
            {
                await readModel.Writer.ApplyAsync("hub", batch, Cancel);
            }
        }, Cancel);
        var reads = 0;
        while (!writing.IsCompleted)
        {
            var overview = await readModel.Queries.OverviewAsync(Cancel);
            overview.JudgedRepos.ShouldBe(overview.Labels.GetValueOrDefault("benign"));
            reads++;
        }

        await writing;
        reads.ShouldBeGreaterThan(0);
        (await readModel.Queries.OverviewAsync(Cancel)).JudgedRepos.ShouldBe(60);
    }

    private static async Task<IReadOnlyList<string>> WalkAsync<T>(Func<string?, Task<Paged<T>>> read, Func<T, string> name)
    {
        var names = new List<string>();
        string? after = null;
        do
        {
            var page = await read(after);
            names.AddRange(page.Items.Select(name));
            after = page.Next;
        }
        while (after is not null);
        names.Count.ShouldBe(names.Distinct().Count());
        return names;
    }

    private protected static async Task<string> DumpAsync(TemporaryReadModel readModel)
    {
        var dump = new System.Text.StringBuilder();
        await using var db = readModel.Database.Open();
        foreach (var (table, keys) in new[]
        {
            ("projections", 1), ("repos", 1), ("files", 2), ("artifacts", 1), ("sources", 2), ("verdicts", 1), ("repo_facets", 3), ("environments", 1), ("tallies", 3),
            ("pins", 2), ("pinned_files", 3),
        })
        {
            await using var rows = await db.ExecuteReaderAsync($"SELECT * FROM {table} ORDER BY {string.Join(", ", Enumerable.Range(1, keys))}", Cancel);
            while (await rows.Reader!.ReadAsync(Cancel))
            {
                dump.Append(table);
                for (var column = 0; column < rows.Reader.FieldCount; column++)
                {
                    dump.Append(' ').Append(rows.Reader.GetName(column)).Append('=').Append(rows.Reader.GetValue(column));
                }

                dump.AppendLine();
            }
        }

        return dump.ToString();
    }
}
