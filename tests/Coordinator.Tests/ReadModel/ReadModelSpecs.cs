using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Tests.Databases;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tests;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Work;
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
    public async Task Open_work_is_what_has_no_end_and_was_not_touched_lately()
    {
        using var readModel = await MakeAsync();
        var file = File("b.bin", "refused");
        var story = ThreeRepos().Observed("acme/refused").Planned("acme/refused", file);
        story.Tell(new ArtifactEvents.NotFetched(file.Content, RepoId.Parse("acme/refused"), Outcome.Gated, "needs consent", Start));
        await story.ApplyToAsync(readModel.Writer, Cancel);

        (await readModel.Queries.OpenArtifactsAsync(Start.AddDays(1), Cancel).ToListAsync(Cancel)).ShouldBe([ContentKey.Of(Hash("open"))], "a content that all its repos refuse has no work left");
        (await readModel.Queries.OpenReposAsync(Start.AddDays(1), Cancel).Select(repo => repo.Value).ToListAsync(Cancel)).ShouldBe(["acme/open", "acme/refused"]);
        (await readModel.Queries.OpenReposAsync(Start, Cancel).ToListAsync(Cancel)).ShouldBeEmpty();

        story.Tell(new ArtifactEvents.Requested(file.Content, RepoId.Parse("acme/other"), CommitOf("acme/other"), file, Lane.Bulk, Start));
        await story.ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.OpenArtifactsAsync(Start.AddDays(1), Cancel).ToListAsync(Cancel)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_to_be_analysed_whole_as_well_is_open_and_keeps_its_bytes_until_it_is()
    {
        using var readModel = await MakeAsync();
        var analysis = BenignLoad("sparse") with { Sparse = new SparseReading(200_000, 3, 12) };
        var file = new RepoFile("pytorch_model.bin", 1 << 30, ContentKey.Of(analysis.Artifact!));
        var story = new Story().Observed("acme/sparse").Planned("acme/sparse", file)
            .Tell(new ArtifactEvents.Fetched(file.Content, analysis.Artifact!, analysis.Static!, Start, analysis.Sparse, Hash("program"), Recheck: true))
            .Tell(new ArtifactEvents.Analysed(file.Content, analysis, Start))
            .Tell(new ArtifactEvents.FetchedWhole(file.Content, analysis.Static!, Start));
        await story.ApplyToAsync(readModel.Writer, Cancel);

        (await readModel.Queries.OpenArtifactsAsync(Start.AddDays(1), Cancel).ToListAsync(Cancel)).ShouldBe([file.Content]);
        (await readModel.Queries.IsDoneWithAsync(analysis.Artifact!, Cancel)).ShouldBeFalse();

        await story.Tell(new ArtifactEvents.Rechecked(file.Content, null, "could not be had whole: gone", Start)).ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.OpenArtifactsAsync(Start.AddDays(1), Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
        (await readModel.Queries.IsDoneWithAsync(analysis.Artifact!, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task Open_work_comes_oldest_first_and_each_once_over_many_pages()
    {
        using var readModel = await MakeAsync();
        var story = new Story();
        for (var number = 1200; number > 0; number--)
        {
            story.Tell(new RepoEvents.RevisionObserved(RepoId.Parse($"acme/m{number:0000}"), CommitOf($"m{number}"), new RepoFacts(null, null, 0, 0, Start), Lane.Bulk, Start.AddSeconds(number / 100)));
        }

        await story.ApplyToAsync(readModel.Writer, Cancel);

        var open = await readModel.Queries.OpenReposAsync(Start.AddSeconds(11), Cancel).Select(repo => repo.Value).ToListAsync(Cancel);
        open.ShouldBe(Enumerable.Range(1, 1199).Select(number => $"acme/m{number:0000}"));
    }

    [Fact]
    public async Task Content_known_by_its_git_hash_counts_once_and_has_its_analysis_under_both_names()
    {
        using var readModel = await MakeAsync();
        var git = ContentKey.OfGit(new string('c', 40));
        var file = new RepoFile("small.pkl", 10, git);
        var analysis = BenignLoad("small");
        var sha = ContentKey.Of(analysis.Artifact!);
        var verdict = Judged(analysis, Label.Benign, "p1");
        await new Story().Observed("acme/git").Planned("acme/git", file)
            .Tell(new ArtifactEvents.Fetched(git, analysis.Artifact!, analysis.Static!, Start))
            .Tell(new ArtifactEvents.Followed(sha, git, "small.pkl", Lane.Bulk, Start))
            .Tell(new ArtifactEvents.Fetched(sha, analysis.Artifact!, analysis.Static!, Start))
            .Tell(new ArtifactEvents.Analysed(sha, analysis, Start))
            .Tell(new ArtifactEvents.Analysed(git, analysis, Start))
            .FileJudged("acme/git", file, verdict, analysis.Artifact)
            .Verdict("acme/git", Label.Benign, ["fine"], [new JudgedFile("small.pkl", 10, analysis.Artifact, verdict)])
            .ApplyToAsync(readModel.Writer, Cancel);

        var overview = await readModel.Queries.OverviewAsync(Cancel);
        (overview.FetchedArtifacts, overview.AnalysedArtifacts).ShouldBe((1, 1));
        (await readModel.Queries.AnalysisAsync(git, Cancel))!.Artifact.ShouldBe(analysis.Artifact);
        (await readModel.Queries.TrainingSetAsync("text-generation", "env-1", 10, 10, Cancel)).Loads.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Training_takes_the_most_liked_without_bad_ones_and_few_of_each_author()
    {
        using var readModel = await MakeAsync();
        var dangerous = new StaticFinding("dangerous-global", Severity.Dangerous, "posix.system");
        var story = new Story()
            .Repo("evil/ran", Loaded("ran", [Started]), Label.Malicious, likes: 1000)
            .Repo("evil/wrote", Loaded("wrote", [], [dangerous]), Label.Suspicious, likes: 900)
            .Repo("evil/hub", BenignLoad("hub"), Label.Benign, "p1", likes: 800, hubScan: "unsafe")
            .Repo("odd/outlier", BenignLoad("outlier"), Label.Suspicious, "p1", likes: 700, hubScan: "safe")
            .Repo("other/tag", BenignLoad("tag"), Label.Benign, "p1", tag: "text-classification", likes: 650)
            .Repo("twin/copy", BenignLoad("outlier"), Label.Benign, "p1", likes: 600);
        for (var number = 0; number < 5; number++)
        {
            story.Repo($"busy/model-{number}", BenignLoad($"busy {number}"), Label.Benign, "p1", likes: 500 - number);
        }

        await story.ApplyToAsync(readModel.Writer, Cancel);

        var chosen = await readModel.Queries.TrainingSetAsync("text-generation", "env-1", 6, 3, Cancel);
        chosen.Loads.Select(load => load.Id).ShouldBe([Hash("outlier").Hex, Hash("busy 0").Hex, Hash("busy 1").Hex, Hash("busy 2").Hex]);
        chosen.Loads.ShouldAllBe(load => load.Counts[257] == 31 && load.Format == FileFormat.TorchZip && load.Structure.Storages == 2 && load.Environment == "env-1");
        chosen.LeftOut.Values.ShouldBe([1, 3, 2]);
        (await readModel.Queries.TrainingSetAsync(TaskCluster.NotClustered, "env-1", 100, 3, Cancel)).Loads.Select(load => load.Id).ShouldContain(Hash("tag").Hex);
        (await readModel.Queries.TrainingSetAsync("text-generation", "env-2", 100, 3, Cancel)).Loads.ShouldBeEmpty();
        (await readModel.Queries.CountScorableAsync("text-generation", "env-1", Cancel)).ShouldBe(10);
        (await readModel.Queries.CountScorableAsync(TaskCluster.NotClustered, "env-1", Cancel)).ShouldBe(10);
        (await readModel.Queries.CountOpenAmongTopAsync("text-generation", 5, Cancel)).ShouldBe(0);
        await story.Observed("acme/new", likes: 5000).ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.CountOpenAmongTopAsync("text-generation", 5, Cancel)).ShouldBe(1);
        (await readModel.Queries.CountOpenAmongTopAsync("text-classification", 5, Cancel)).ShouldBe(0);
        (await readModel.Queries.CountOpenAmongTopAsync(TaskCluster.NotClustered, 5, Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task Rescoring_finds_each_repo_that_another_profile_or_none_has_judged_and_comes_to_an_end()
    {
        using var readModel = await MakeAsync();
        var story = new Story();
        for (var number = 0; number < 7; number++)
        {
            story.Repo($"acme/m{number}", BenignLoad($"m{number}"), Label.Benign, new[] { null, "a", "m", "z" }[number % 4]);
        }

        var timedOut = ArtifactAnalysis.WithoutBytes(Outcome.TooLarge, "over the limit");
        story.Repo("acme/large", timedOut, Label.Unknown);
        await story.ApplyToAsync(readModel.Writer, Cancel);

        var candidates = await readModel.Queries.RescoreCandidatesAsync("text-generation", "env-1", "m", 2, Cancel).ToListAsync(Cancel);
        candidates.Select(candidate => candidate.Repo.Value).Order().ShouldBe(["acme/m0", "acme/m1", "acme/m3", "acme/m4", "acme/m5"]);
        candidates[0].Files.Single().Analysis.Artifact.ShouldNotBeNull();
        candidates[0].Files.Single().Path.ShouldBe("pytorch_model.bin");

        foreach (var candidate in candidates)
        {
            candidate.Files[0].Known.ShouldBeNull();
            story.Rescored(candidate.Repo.Value, candidate.Files[0].Analysis, Label.Benign, "m");
        }

        await story.ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.RescoreCandidatesAsync("text-generation", "env-1", "m", 2, Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
        var back = await readModel.Queries.RescoreCandidatesAsync("text-generation", "env-1", "z", 2, Cancel).ToListAsync(Cancel);
        back.Where(candidate => candidate.Files[0].Known is not null).Select(candidate => candidate.Repo.Value).ShouldBe(["acme/m3"]);
    }

    [Fact]
    public async Task Profiles_follow_activation_and_the_way_back()
    {
        using var readModel = await MakeAsync();
        var first = new ProfileDescription(Hash("first"), "text-generation", "env-1", "one-class-svm", 60, 0.01, 0.99);
        var second = first with { Blob = Hash("second"), TrainingLoads = 90 };
        var story = new Story()
            .Tell(new ProfileEvents.ProfileFitted(first, 1, Start)).Tell(new ProfileEvents.ProfileActivated("text-generation", "env-1", 1, first.Blob, Start))
            .Tell(new ProfileEvents.ProfileFitted(second, 2, Start)).Tell(new ProfileEvents.ProfileActivated("text-generation", "env-1", 2, second.Blob, Start));
        await story.ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.ActiveProfilesAsync(Cancel)).Single().Blob.ShouldBe(second.Blob);
        (await readModel.Queries.ProfilesAsync(Cancel)).Select(profile => profile.Version).ShouldBe([2, 1]);

        await story.Tell(new ProfileEvents.ProfileActivated("text-generation", "env-1", 1, first.Blob, Start)).ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.ActiveProfilesAsync(Cancel)).Single().Blob.ShouldBe(first.Blob);
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
