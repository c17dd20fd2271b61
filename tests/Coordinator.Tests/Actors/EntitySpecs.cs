using Akka.Actor;
using Akka.Hosting;
using Akka.Hosting.TestKit;
using Akka.TestKit;
using DynaHug.Coordinator.Artifacts;
using DynaHug.Coordinator.Repos;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Tests;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Tests.Actors;

/// <summary>Entities with a journal whose writes the spec holds back.</summary>
public sealed class EntitySpecs : TestKit
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    public EntitySpecs() => HeldJournal.Release();

    [Fact]
    public async Task A_repo_replies_only_after_the_event_is_stored()
    {
        var queue = CreateTestProbe();
        var repo = NewRepo(queue, CreateTestProbe());
        HeldJournal.Hold();

        repo.Tell(new RepoCommands.Observe(Samples.Repo, Samples.Commit, Samples.Facts, Lane.Upload), TestActor);

        await ExpectNoMsgAsync(Quiet);
        await queue.ExpectNoMsgAsync(Quiet);
        HeldJournal.Release();
        (await ExpectMsgAsync<RepoReplies.Recorded>()).Repo.ShouldBe(Samples.Repo);
        (await queue.ExpectMsgAsync<WorkCommands.Offer>()).ShouldBe(new WorkCommands.Offer(new PlanJob(Samples.Repo, Samples.Commit), Lane.Upload));
    }

    [Fact]
    public async Task A_repo_that_comes_back_asks_for_exactly_what_is_unfinished()
    {
        var artifacts = CreateTestProbe();
        var queue = CreateTestProbe();
        var repo = NewRepo(queue, artifacts);
        await TellAsync(repo, new RepoCommands.Observe(Samples.Repo, Samples.Commit, Samples.Facts, Lane.Bulk));
        await TellAsync(repo, new RepoCommands.RecordPlan(Samples.Repo, Samples.Commit, [Samples.ModelFile, Samples.OtherFile], 3));
        await TellAsync(repo, new RepoCommands.RecordAnalysis(Samples.Repo, Samples.ModelFile.Content, Samples.Analysis));
        await StopAsync(repo);
        await artifacts.FishForMessageAsync<ArtifactCommands.Request>(request => request.File == Samples.OtherFile);
        while (artifacts.HasMessages)
        {
            await artifacts.ReceiveOneAsync();
        }

        var again = NewRepo(queue, artifacts);
        await TellAsync(again, new RepoCommands.Resume(Samples.Repo));

        (await artifacts.ExpectMsgAsync<ArtifactCommands.Request>()).File.ShouldBe(Samples.OtherFile);
        await artifacts.ExpectNoMsgAsync(Quiet);
    }

    [Fact]
    public async Task An_artifact_is_traced_once_for_all_repos_that_hold_it()
    {
        var (fetches, traces, repos) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var artifact = NewArtifact(fetches, traces, repos);

        artifact.Tell(new ArtifactCommands.Request(Samples.Repo, Samples.Commit, Samples.ModelFile, Lane.Bulk), TestActor);
        (await fetches.ExpectMsgAsync<WorkCommands.Offer>()).Job.ShouldBe(new FetchJob(Samples.Repo, Samples.Commit, Samples.ModelFile));
        await TellAsync(artifact, new ArtifactCommands.RecordFetched(Samples.ModelFile.Content, Samples.Artifact, Samples.ToBeTraced));
        (await traces.ExpectMsgAsync<WorkCommands.Offer>()).Job.ShouldBeOfType<TraceJob>();
        await TellAsync(artifact, new ArtifactCommands.RecordTraced(Samples.ModelFile.Content, Samples.Trace));
        (await repos.ExpectMsgAsync<RepoCommands.RecordAnalysis>()).Repo.ShouldBe(Samples.Repo);

        artifact.Tell(new ArtifactCommands.Request(Samples.OtherRepo, Samples.Commit, Samples.ModelFile, Lane.Bulk), TestActor);

        (await repos.ExpectMsgAsync<RepoCommands.RecordAnalysis>()).Repo.ShouldBe(Samples.OtherRepo);
        await traces.ExpectNoMsgAsync(Quiet);
    }

    [Fact]
    public async Task A_second_result_of_the_same_trace_changes_nothing()
    {
        var repos = CreateTestProbe();
        var artifact = NewArtifact(CreateTestProbe(), CreateTestProbe(), repos);
        artifact.Tell(new ArtifactCommands.Request(Samples.Repo, Samples.Commit, Samples.ModelFile, Lane.Bulk), TestActor);
        await TellAsync(artifact, new ArtifactCommands.RecordFetched(Samples.ModelFile.Content, Samples.Artifact, Samples.ToBeTraced));
        await TellAsync(artifact, new ArtifactCommands.RecordTraced(Samples.ModelFile.Content, Samples.Trace));
        var first = await repos.ExpectMsgAsync<RepoCommands.RecordAnalysis>();

        await TellAsync(artifact, new ArtifactCommands.RecordTraced(Samples.ModelFile.Content, Samples.Trace with { Outcome = Outcome.TimedOut, Reason = "late" }));

        (await repos.ExpectMsgAsync<RepoCommands.RecordAnalysis>()).Analysis.Outcome.ShouldBe(first.Analysis.Outcome);
    }

    protected override void ConfigureAkka(AkkaConfigurationBuilder builder, IServiceProvider provider) =>
        builder.AddHocon(HeldJournal.Configuration, HoconAddMode.Prepend);

    private IActorRef NewRepo(TestProbe queue, TestProbe artifacts) => Sys.ActorOf(Props.Create(() => new RepoEntity(
        Samples.Repo.Value, queue, artifacts, new Judge(new ActiveProfiles()), TimeProvider.System, NullLogger<RepoEntity>.Instance)));

    private IActorRef NewArtifact(TestProbe fetches, TestProbe traces, TestProbe repos) => Sys.ActorOf(Props.Create(() => new ArtifactEntity(
        Samples.ModelFile.Content.Value, new ArtifactLinks(fetches, traces, repos, CreateTestProbe()), TimeProvider.System, NullLogger<ArtifactEntity>.Instance)));

    /// <summary>Tells an entity and waits until it has stored.</summary>
    private static Task<object> TellAsync(IActorRef entity, object command) => entity.Ask(command, TimeSpan.FromSeconds(5));

    private async Task StopAsync(IActorRef entity)
    {
        await WatchAsync(entity);
        entity.Tell(PoisonPill.Instance);
        await ExpectTerminatedAsync(entity);
    }
}
