using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Jobs;
using DynaHug.Shared.Monitoring;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Reviews;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using DynaHug.Shared.Work;
using static DynaHug.Shared.Tests.Samples;

namespace DynaHug.Shared.Tests.Wire;

/// <summary>Pins every wire format by a golden file. Set <c>DYNAHUG_UPDATE_GOLDEN=1</c> to write those of new manifests; existing ones never change.</summary>
public sealed class WireSpecs : IDisposable
{
    private static readonly FetchJob Fetch = new(Repo, Commit, ModelFile);
    private static readonly ProfileDescription Profile = new(Artifact, "text-generation", "env-1", "one-class-svm", 60, 0.01, 0.99);
    private static readonly ProfileComparison Comparison = new(OtherArtifact, Artifact, 400, 3, 1, 130, 129, 1, "1 canary is lost");
    private static readonly JobScope JobScope = new("text-generation", Label.Unknown, "env-1", [Repo], All: true);
    private static readonly RepoVerdict Verdict = new(Label.Malicious, 1, "text-generation", ["pytorch_model.bin: started a program"], [new JudgedFile(ModelFile.Path, 1024, Artifact, Malicious)], false);

    private static readonly object[] Examples =
    [
        new RepoCommands.Observe(Repo, Commit, Facts, Lane.Upload),
        new RepoCommands.RecordPlan(Repo, Commit, [ModelFile, GitFile], 2),
        new RepoCommands.RecordUnreadable(Repo, Commit, Outcome.Gated, "needs consent"),
        new RepoCommands.RecordAvailability(Repo, Availability.Renamed, "acme/other"),
        new RepoEvents.AvailabilityChanged(Repo, Availability.Deleted, "", Now),
        new MonitorCommands.Refresh(Repo, Availability.Private),
        new MonitorEvents.WalkStarted("https://hub.example/ all", Now),
        new MonitorEvents.PageListed("https://hub.example/api/models?cursor=x", 1000, Now),
        new MonitorEvents.WalkFinished(Now),
        new MonitorEvents.CaughtUp(Now, Now),
        new RepoCommands.RecordAnalysis(Repo, ModelFile.Content, Analysis),
        new RepoCommands.RecordRescore(Repo, Commit, new Dictionary<string, FileVerdict> { [ModelFile.Path] = Malicious }),
        new RepoCommands.Resume(Repo),
        new RepoCommands.Rescan(Repo, Commit, Lane.Request),
        new RepoEvents.RescanRequested(Repo, Commit, Lane.Request, Now),
        new RepoCommands.Pin(Repo, NextCommit, Lane.Request),
        new RepoEvents.RevisionPinned(Repo, NextCommit, Lane.Request, Now),
        new RepoEvents.PinForgotten(Repo, NextCommit, Now),
        new RepoReplies.Recorded(Repo),
        new RepoEvents.RevisionObserved(Repo, Commit, Facts, Lane.Bulk, Now),
        new RepoEvents.FactsChanged(Repo, Facts, Now),
        new RepoEvents.FilesPlanned(Repo, Commit, [ModelFile], 1, Now),
        new RepoEvents.FileAnalysed(Repo, Commit, ModelFile.Content, Artifact, Outcome.Analysed, "", Malicious, Now),
        new RepoEvents.VerdictReached(Repo, Commit, Verdict, Now),
        new ArtifactCommands.Request(Repo, Commit, ModelFile, Lane.Request),
        new ArtifactCommands.RecordFetched(ModelFile.Content, Artifact, ToBeTraced),
        new ArtifactCommands.RecordNotFetched(ModelFile.Content, Repo, Outcome.TooLarge, "over the limit"),
        new ArtifactCommands.RecordTraced(ModelFile.Content, Trace),
        new ArtifactCommands.RecordFailure(ModelFile.Content, "sandbox broke"),
        new ArtifactCommands.Follow(ModelFile.Content, GitFile.Content, Artifact, NothingRuns, "small.pkl", Lane.Bulk),
        new ArtifactCommands.TraceStored(ModelFile.Content, Artifact, ToBeTraced, "model.bin", Lane.Upload, Now),
        new ArtifactCommands.RecordFollowed(GitFile.Content, Analysis),
        new ArtifactCommands.Resume(ModelFile.Content),
        new ArtifactReplies.Recorded(ModelFile.Content),
        new ArtifactEvents.Requested(ModelFile.Content, Repo, Commit, ModelFile, Lane.Bulk, Now),
        new ArtifactEvents.Followed(ModelFile.Content, GitFile.Content, "small.pkl", Lane.Bulk, Now),
        new ArtifactEvents.TraceWanted(ModelFile.Content, "model.bin", Lane.Upload, Now),
        new ArtifactEvents.Fetched(ModelFile.Content, Artifact, ToBeTraced, Now),
        new ArtifactEvents.FetchedWhole(ModelFile.Content, NothingRuns, Now),
        new ArtifactEvents.Rechecked(ModelFile.Content, Analysis, "other indicators", Now),
        new ArtifactEvents.Reopened(ModelFile.Content, Now),
        new ArtifactEvents.NotFetched(ModelFile.Content, Repo, Outcome.Gated, "needs consent", Now),
        new ArtifactEvents.Failed(ModelFile.Content, "sandbox broke", 1, Now),
        new ArtifactEvents.Analysed(ModelFile.Content, Analysis, Now),
        new ProfileCommands.Propose(Profile, true),
        new ProfileCommands.Activate("text-generation", "env-1", 2),
        new ProfileCommands.RecordComparison("text-generation", "env-1", 2, Comparison),
        new ProfileReplies.Recorded("text-generation", "env-1"),
        new ProfileEvents.ProfileFitted(Profile, 1, Now),
        new ProfileEvents.CandidateCompared("text-generation", "env-1", 2, Comparison, Now),
        new ProfileEvents.ProfileActivated("text-generation", "env-1", 1, Artifact, Now),
        new ReviewCommands.Judge(Repo, Commit, Judgement.FalseAlarm, "a test file", "ann"),
        new ReviewCommands.AddNote(Repo, Commit, "asked the owner", "ann"),
        new ReviewCommands.Suppress(Repo, Artifact, FlagSigns.Unusual, "known format", "ann"),
        new ReviewCommands.Lift(Repo, Artifact, FlagSigns.Unusual, "ann"),
        new ReviewCommands.RequestRescan(Repo, Commit, "ann"),
        new ReviewReplies.Recorded(Repo),
        new ReviewEvents.Judged(Repo, Commit, Judgement.Confirmed, "", "ann", Now),
        new ReviewEvents.Noted(Repo, Commit, "asked the owner", "ann", Now),
        new ReviewEvents.Suppressed(Repo, Artifact, "program-started", "known format", "ann", Now),
        new ReviewEvents.Lifted(Repo, Artifact, "program-started", "ann", Now),
        new ReviewEvents.RescanRequested(Repo, Commit, "ann", Now),
        new DeskCommands.SaveView("mine", "?label=malicious", "ann"),
        new DeskCommands.RemoveView("mine", "ann"),
        new DeskEvents.ViewSaved("mine", "?label=malicious", "ann", Now),
        new DeskEvents.ViewRemoved("mine", "ann", Now),
        new DeskCommands.SetAccount("ann", "AQAAAA==", Role.Analyst, "admin"),
        new DeskCommands.RemoveAccount("ann", "admin"),
        new DeskCommands.RecordSignIn("ann", false, "127.0.0.1"),
        new DeskCommands.IssueKey("abc", Artifact.Hex, "registry", Role.Registry, Now, "admin"),
        new DeskCommands.RevokeKey("abc", "admin"),
        new DeskCommands.Note(new AuditLine("activated-profile", "text-generation", "version 2"), "admin"),
        new DeskEvents.AccountSet("ann", "AQAAAA==", Role.Analyst, "admin", Now),
        new DeskEvents.AccountRemoved("ann", "admin", Now),
        new DeskEvents.SignInRecorded("ann", true, "127.0.0.1", Now),
        new DeskEvents.KeyIssued("abc", Artifact.Hex, "registry", Role.Registry, Now, "admin", Now),
        new DeskEvents.KeyRevoked("abc", "admin", Now),
        new DeskEvents.Noted(new AuditLine("activated-profile", "text-generation", "version 2"), "admin", Now),
        new WebhookCommands.Set(new Webhook("w1", "https://x.example/", WebhookBody.Slack, Label.Malicious, "text-generation"), "admin"),
        new WebhookCommands.Remove("w1", "admin"),
        new WebhookCommands.RecordReached("w1", Now),
        new WebhookCommands.RecordFailure("w1", Repo, Commit, "the receiver answers 410"),
        new WebhookCommands.Settle("w1", Repo, "admin"),
        new WebhookEvents.WasSet(new Webhook("w1", "https://x.example/", WebhookBody.Json, Label.Suspicious, null), "admin", Now),
        new WebhookEvents.Removed("w1", "admin", Now),
        new WebhookEvents.Reached("w1", Now, Now),
        new WebhookEvents.Failed("w1", Repo, Commit, "the receiver answers 410", Now),
        new WebhookEvents.Settled("w1", Repo, "admin", Now),
        new DeskReplies.Recorded(),
        new DeskReplies.Refused("there is no such view"),
        new WorkCommands.Offer(Fetch, Lane.Upload),
        new WorkCommands.Demand("node-1/slot-2"),
        new WorkCommands.Renew(3),
        new WorkCommands.Complete(3),
        new WorkCommands.Release(3),
        new WorkCommands.ReportCanary("akka.tcp://dynahug@10.0.0.4:4053", "the malicious canary ended as analysed, showing nothing", Now),
        new WorkCommands.GetFigures(),
        new WorkReplies.Figures(1, 2, 3),
        new WorkReplies.Accepted(Fetch.Key),
        new WorkReplies.Full(Fetch.Key),
        new WorkReplies.Leased(3, Fetch, 1, Now),
        new BudgetCommands.Take("api", Lane.Bulk),
        new BudgetCommands.Note("api", 499, TimeSpan.FromSeconds(172), 500),
        new BudgetCommands.GetStatus(),
        new BudgetReplies.Granted("api"),
        new BudgetReplies.Wait("api", TimeSpan.FromSeconds(30)),
        new BudgetReplies.Status([new BudgetFigures("api", 499, 500, TimeSpan.FromSeconds(172), 12, 3)]),
        new MonitorCommands.GetStatus(),
        new MonitorReplies.Status(10, 1, true, ""),
        new JobCommands.Start(JobScope, "env-2", 12, "ann"),
        new JobCommands.SetStatus(1, JobStatus.Paused, "ann"),
        new JobCommands.GetAll(),
        new JobEvents.Started(1, JobScope, "env-2", 12, "ann", Now),
        new JobEvents.Sent(1, [new SentRepo(Repo, Commit, Label.Benign)], Now),
        new JobEvents.CameBack(1, [new JudgedRepo(Repo, Label.Malicious)], [Repo], Now),
        new JobEvents.StatusChanged(1, JobStatus.Done, "", Now),
        new JobReplies.Recorded(1),
        new JobReplies.Refused("job 1 has ended"),
        new JobReplies.All([new JobFigures(1, JobStatus.Running, JobScope, "env-2", "ann", Now, 12, 3, 2, 1, 1, 0, 90, [new LabelChange(Repo, Label.Benign, Label.Malicious)])]),
        new TrainingCommands.GetStatus(),
        new TrainingCommands.CancelFit(),
        new TrainingReplies.Status("idle", true),
        new RepoState(Repo)
        {
            Commit = Commit, Facts = Facts, Lane = Lane.Upload, Files = [ModelFile], LeftOut = 1, Refused = ["../x"], Availability = Availability.Gated,
            Judged = ImmutableDictionary<ContentKey, JudgedContent>.Empty.Add(ModelFile.Content, new JudgedContent(Artifact, Malicious)), Verdict = Verdict,
        },
        new ArtifactState(ModelFile.Content)
        {
            Sources = [new ContentSource(Repo, Commit, ModelFile, Lane.Bulk)],
            Refusals = ImmutableDictionary<RepoId, ArtifactAnalysis>.Empty.Add(OtherRepo, ArtifactAnalysis.WithoutBytes(Outcome.Gated, "needs consent")),
            Followers = [GitFile.Content], FileName = "pytorch_model.bin", Artifact = Artifact, Static = ToBeTraced, Failures = 1, Analysis = Analysis,
        },
        new ProfileState("text-generation", "env-1") { Versions = [Profile], ActiveVersion = 1, Comparisons = ImmutableDictionary<int, ProfileComparison>.Empty.Add(1, Comparison) },
        new MonitorState { Query = "https://hub.example/ all", NextPage = "https://hub.example/api/models?cursor=x", Listed = 1000, KnownUntil = Now },
        new ReviewState(Repo) { Judgements = ImmutableDictionary<string, Judgement>.Empty.Add(Commit, Enum.GetValues<Judgement>()[1]) },
        new DeskState { Views = ImmutableSortedDictionary<string, string>.Empty.Add("mine", "?label=malicious") },
    ];

    private readonly ActorSystem system = ActorSystem.Create("wire-specs");

    public static TheoryData<string> Manifests => [.. WireTable.TypeByManifest.Keys];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Every_manifest_is_read_and_written_as_its_golden_file_says(string manifest)
    {
        var example = Examples.SingleOrDefault(value => value.GetType() == WireTable.TypeByManifest[manifest]);
        example.ShouldNotBeNull($"no example of {manifest}");
        var serializer = new WireSerializer((ExtendedActorSystem)system);
        var written = Encoding.UTF8.GetString(serializer.ToBinary(example));
        var golden = Path.Combine(Repository.Root, "tests", "Shared.Tests", "Wire", "Golden", manifest.Replace('/', '-') + ".json");
        if (Environment.GetEnvironmentVariable("DYNAHUG_UPDATE_GOLDEN") == "1" && !System.IO.File.Exists(golden))
        {
            System.IO.File.WriteAllText(golden, written + "\n");
        }

        var stored = System.IO.File.ReadAllText(golden).TrimEnd();
        written.ShouldBe(stored);
        var reread = serializer.FromBinary(Encoding.UTF8.GetBytes(stored), manifest);
        reread.ShouldBeOfType(example.GetType());
        Encoding.UTF8.GetString(serializer.ToBinary(reread)).ShouldBe(stored);
    }

    [Fact]
    public void Every_message_and_event_has_a_manifest()
    {
        Type[] conversations =
        [
            typeof(RepoCommands), typeof(RepoEvents), typeof(RepoReplies), typeof(ArtifactCommands), typeof(ArtifactEvents), typeof(ArtifactReplies),
            typeof(ProfileCommands), typeof(ProfileEvents), typeof(ProfileReplies), typeof(WorkCommands), typeof(WorkReplies),
            typeof(BudgetCommands), typeof(BudgetReplies), typeof(MonitorEvents), typeof(MonitorCommands), typeof(MonitorReplies), typeof(TrainingCommands), typeof(TrainingReplies),
            typeof(JobCommands), typeof(JobEvents), typeof(JobReplies),
            typeof(ReviewCommands), typeof(ReviewEvents), typeof(ReviewReplies), typeof(DeskCommands), typeof(DeskEvents), typeof(DeskReplies),
            typeof(WebhookCommands), typeof(WebhookEvents),
        ];
        conversations
            .SelectMany(conversation => conversation.GetNestedTypes(BindingFlags.Public))
            .Where(type => !WireTable.ManifestByType.ContainsKey(type))
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_manifest_that_the_table_does_not_name_is_refused() =>
        Should.Throw<System.Runtime.Serialization.SerializationException>(
            () => new WireSerializer((ExtendedActorSystem)system).FromBinary("{}"u8.ToArray(), "System.Diagnostics.Process, System"));

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"repo\":\"../../etc\",\"commit\":\"x\",\"facts\":null,\"lane\":\"bulk\"}")]
    [InlineData("not json")]
    public void A_body_that_does_not_fit_is_refused(string body) =>
        Should.Throw<System.Runtime.Serialization.SerializationException>(
            () => new WireSerializer((ExtendedActorSystem)system).FromBinary(Encoding.UTF8.GetBytes(body), "repo.observe/1"));

    public void Dispose() => system.Dispose();
}
