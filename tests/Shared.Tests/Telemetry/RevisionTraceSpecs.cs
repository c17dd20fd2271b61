using System.Diagnostics;
using System.Text;
using Akka.Actor;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Wire;
using DynaHug.Shared.Work;
using static DynaHug.Shared.Tests.Samples;

namespace DynaHug.Shared.Tests.Telemetry;

/// <summary>The trace of a revision goes with its work from state to state, message to message.</summary>
public sealed class RevisionTraceSpecs
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void A_revision_hands_its_trace_to_every_content_and_the_first_that_asks_names_the_contents()
    {
        var repo = new RepoState(Repo).Apply(new RepoEvents.RevisionObserved(Repo, Commit, Facts, Lane.Bulk, Now, Trace)).Apply(new RepoEvents.FilesPlanned(Repo, Commit, [ModelFile], 0, Now));
        var request = repo.Wants().OfType<ArtifactCommands.Request>().ShouldHaveSingleItem();
        request.Trace.ShouldBe(Trace);

        var content = After(new ArtifactState(ModelFile.Content), state => state.Handle(request, Now));
        content = After(content, state => state.Handle(request with { Repo = OtherRepo, Trace = Trace.Replace('b', 'c') }, Now));

        content.Sources.Count.ShouldBe(2);
        content.Trace.ShouldBe(Trace);
    }

    [Fact]
    public void What_turns_out_to_be_another_content_hands_its_trace_on()
    {
        var git = After(new ArtifactState(GitFile.Content), state => state.Handle(new ArtifactCommands.Request(Repo, Commit, GitFile, Lane.Bulk, Trace: Trace), Now));
        git = After(git, state => state.Handle(new ArtifactCommands.RecordFetched(GitFile.Content, Artifact, ToBeTraced), Now));
        var follow = git.Wants().OfType<ArtifactCommands.Follow>().ShouldHaveSingleItem();

        After(new ArtifactState(follow.Content), state => state.Handle(follow, Now)).Trace.ShouldBe(Trace);
    }

    [Fact]
    public void A_queue_leases_a_job_with_the_trace_it_was_offered_with_also_the_second_time()
    {
        var queue = new WorkQueueState(capacity: 10, TimeSpan.FromSeconds(45));
        queue.TryOffer(new PlanJob(Repo, Commit), Lane.Bulk, Trace);
        queue.TryOffer(new PlanJob(Repo, Commit), Lane.Request);

        var first = queue.TryLease(Now)!;
        queue.Release(first.Lease);

        (first.Trace, queue.TryLease(Now)!.Trace).ShouldBe((Trace, Trace));
    }

    [Fact]
    public void It_crosses_the_wire_where_there_is_one_and_leaves_no_mark_where_there_is_none()
    {
        using var system = ActorSystem.Create("trace-specs");
        var serializer = new WireSerializer((ExtendedActorSystem)system);
        var offer = new WorkCommands.Offer(new PlanJob(Repo, Commit), Lane.Bulk, Trace);

        serializer.FromBinary(serializer.ToBinary(offer), serializer.Manifest(offer)).ShouldBe(offer);
        Encoding.UTF8.GetString(serializer.ToBinary(offer with { Trace = null })).ShouldNotContain("trace\"");
    }

    [Theory]
    [InlineData(Trace, "0af7651916cd43dd8448eb211c80319c")]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("00-nonsense", null)]
    public void What_is_no_traceparent_begins_a_trace_of_its_own(string? parent, string? trace)
    {
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == Instruments.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);

        using var activity = RevisionTrace.Start("plan", parent);

        activity.ShouldNotBeNull();
        activity.HasRemoteParent.ShouldBe(trace is not null);
        (trace is null || activity.TraceId.ToHexString() == trace).ShouldBeTrue();
    }

    private static ArtifactState After(ArtifactState state, Func<ArtifactState, IReadOnlyList<IArtifactEvent>> handle) => handle(state).Aggregate(state, (known, stored) => known.Apply(stored));
}
