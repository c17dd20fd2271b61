using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DynaHug.Coordinator.Cli;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Tests.Dashboard;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Jobs;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Tests.Jobs;

/// <summary>Bulk rescans of a real node, by its API and by the command that uses it.</summary>
public sealed class JobSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rescan_takes_what_a_new_environment_has_not_traced_and_tells_what_changed()
    {
        var story = Hub();
        await using var node = await RunningNode.StartAsync(story, Cancel);

        (await TellAsync(node, runner => runner.CountAsync(new JobScope(), Cancel))).ShouldStartWith("2 repos would be analysed anew: all repos that the newest environment has not traced");
        (await TellAsync(node, runner => runner.CountAsync(new JobScope(All: true), Cancel))).ShouldStartWith("3 repos");
        (await TellAsync(node, runner => runner.CountAsync(new JobScope(Label: Label.Suspicious), Cancel))).ShouldStartWith("1 repos");
        (await TellAsync(node, runner => runner.CountAsync(new JobScope(TaskCluster: "no-such"), Cancel))).ShouldStartWith("0 repos");
        (await TellAsync(node, runner => runner.StartAsync(new JobScope(), Cancel))).ShouldStartWith("job 1 has begun");
        await UntilAsync(node, job => job.Underway == 2);

        // What the crawlers and workers of a whole cluster would give.
        Judge(story, "old/one", Label.Malicious);
        await node.TellAsync(story, Cancel);
        (await UntilAsync(node, job => job.Judged == 1)).NewlyFlagged.ShouldBe(1);
        Judge(story, "old/two", Label.Benign);
        await node.TellAsync(story, Cancel);

        var done = await UntilAsync(node, job => job.Status == JobStatus.Done);
        (done.Total, done.Judged, done.NewlyFlagged, done.Cleared).ShouldBe((2, 2, 1, 1));
        done.Changes.Select(change => change.Repo.Value).ShouldBe(["old/one", "old/two"], ignoreOrder: true);
        (await TellAsync(node, runner => runner.ListAsync(Cancel))).ShouldContain("1  done  2 of 2 repos, newly flagged 1, cleared 1");
        (await node.Client.GetStringAsync("/jobs", Cancel)).ShouldContain("that the newest environment has not traced");
    }

    [Fact]
    public async Task A_job_survives_its_node_pauses_goes_on_and_is_cancelled()
    {
        var story = Hub();
        await using var node = await RunningNode.StartAsync(story, Cancel);
        await TellAsync(node, runner => runner.StartAsync(new JobScope(All: true), Cancel));
        await UntilAsync(node, job => job.Underway == 3);
        await TellAsync(node, runner => runner.SetStatusAsync(1, JobStatus.Paused, Cancel));

        await node.RestartAsync(Cancel);

        (await UntilAsync(node, job => job.Status == JobStatus.Paused)).Underway.ShouldBe(3);
        (await TellAsync(node, runner => runner.SetStatusAsync(1, JobStatus.Running, Cancel))).ShouldBe("job 1 is running" + Environment.NewLine);
        await TellAsync(node, runner => runner.SetStatusAsync(1, JobStatus.Cancelled, Cancel));
        (await TellAsync(node, runner => runner.ShowAsync(1, Cancel))).ShouldContain("\"cancelled\"");
        (await Should.ThrowAsync<UsageException>(() => TellAsync(node, runner => runner.SetStatusAsync(1, JobStatus.Paused, Cancel)))).Message.ShouldContain("job 1 has ended");
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_with_a_reason()
    {
        await using var node = await RunningNode.StartAsync(new Story(), Cancel);

        (await Should.ThrowAsync<UsageException>(() => TellAsync(node, runner => runner.StartAsync(new JobScope(), Cancel)))).Message.ShouldContain("nothing has been traced yet");
        (await Should.ThrowAsync<UsageException>(() => TellAsync(node, runner => runner.ShowAsync(4, Cancel)))).Message.ShouldContain("there is no job 4");
        (await node.Client.PostAsync("/api/v1/jobs", new StringContent("{}"), Cancel)).IsSuccessStatusCode.ShouldBeFalse("a form of another origin may not start anything");
        (await node.Client.PostAsync("/api/v1/jobs/1/status", JsonContent.Create(new { status = "burnt" }), Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var nowhere = new JobRunner(new Uri("http://127.0.0.1:9/"), null, TextWriter.Null);
        (await Should.ThrowAsync<UsageException>(() => nowhere.ListAsync(Cancel))).Message.ShouldContain("no node answers");
    }

    /// <summary>Two repos whose loads env-1 has traced, and one of env-2, which was seen later.</summary>
    private static Story Hub()
    {
        var traced = Story.BenignLoad("new");
        return new Story()
            .Repo("old/one", Story.BenignLoad("one"), Label.Benign, "p1")
            .Repo("old/two", Story.BenignLoad("two"), Label.Suspicious, "p1")
            .Repo("new/one", traced with { Trace = traced.Trace! with { Environment = "env-2" } }, Label.Benign, "p2");
    }

    private static void Judge(Story story, string repo, Label label)
    {
        var analysis = Story.BenignLoad(repo);
        story.Tell(new RepoEvents.VerdictReached(
            Shared.Hub.RepoId.Parse(repo),
            Story.CommitOf(repo),
            new RepoVerdict(label, 1, "text-generation", ["judged anew"], [new JudgedFile("pytorch_model.bin", 2048, analysis.Artifact, Story.Judged(analysis, label, "p2"))], false),
            TimeProvider.System.GetUtcNow()));
    }

    private static async Task<string> TellAsync(RunningNode node, Func<JobRunner, Task<int>> run)
    {
        using var output = new StringWriter();
        using var runner = new JobRunner(node.Address, null, output);
        (await run(runner)).ShouldBe(0);
        return output.ToString();
    }

    private static async Task<JobFigures> UntilAsync(RunningNode node, Func<JobFigures, bool> reached)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience);
        while (true)
        {
            var job = JsonSerializer.Deserialize<JobFigures>(await node.Client.GetStringAsync("/api/v1/jobs/1", limit.Token), Shared.Wire.Json.Options)!;
            if (reached(job))
            {
                return job;
            }

            await Task.Delay(200, limit.Token);
        }
    }
}
