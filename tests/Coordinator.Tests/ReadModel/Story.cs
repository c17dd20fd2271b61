using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Work;

namespace DynaHug.Coordinator.Tests.ReadModel;

/// <summary>Writes a journal of its own, event by event, in the order in which the entities would store them.</summary>
internal sealed class Story
{
    public const string Environment = "env-1";
    public static readonly DateTimeOffset Start = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private readonly List<(long Offset, object Event)> events = [];

    public IReadOnlyList<(long Offset, object Event)> Events => events;

    private DateTimeOffset Now => Start.AddSeconds(events.Count);

    public static string CommitOf(string repo, int revision = 1) => Hash($"{repo} {revision}").Hex[..40];

    public static Sha256 Hash(string text) => Sha256.OfBytes(System.Text.Encoding.UTF8.GetBytes(text));

    public static ArtifactAnalysis BenignLoad(string name) => Loaded(name, []);

    public static ArtifactAnalysis Loaded(string name, IReadOnlyList<Indicator> indicators, IReadOnlyList<StaticFinding>? findings = null, IReadOnlyList<TracedProcess>? processes = null) => new(
        Hash(name),
        Outcome.Analysed,
        "",
        new StaticReport(FileFormat.TorchZip, null, "", ["collections.OrderedDict", "torch._utils._rebuild_tensor_v2"], findings ?? [], new Dictionary<string, int> { ["PROTO"] = 1 }, new FileStructure(2048, 4, 1, 120, 2)),
        new TraceSummary(Environment, Outcome.Analysed, "", true, new Dictionary<int, long> { [0] = 120, [3] = 33, [8] = 44, [9] = 17, [257] = 31 }, indicators, processes ?? [new TracedProcess(1, 0, "")], "", "", 0.4));

    public static FileVerdict Judged(ArtifactAnalysis analysis, Label label, string? profile = null, string reason = "behaves as benign loads do") => new(
        label,
        analysis.Outcome,
        analysis.Reason,
        profile is null ? null : new Decision(label.IsFlagged() ? -1.5 : 0.3, label.IsFlagged() ? 1 : 0.1, label.IsFlagged(), label.IsFlagged() ? [new Contribution("execve", 1, 0, 0.7), new Contribution("clone", 1, 0, 0.3)] : []),
        analysis.Trace?.Indicators ?? [],
        [reason],
        profile,
        analysis.Trace?.Environment);

    public Story Tell(object stored)
    {
        events.Add((events.Count + 1, stored));
        return this;
    }

    public Story Observed(string repo, string? tag = "text-generation", long likes = 10, int revision = 1, string? hubScan = null) =>
        Tell(new RepoEvents.RevisionObserved(RepoId.Parse(repo), CommitOf(repo, revision), new RepoFacts(tag, "transformers", likes, likes * 7, Start, false, hubScan), Lane.Bulk, Now));

    public Story Planned(string repo, params RepoFile[] files) => PlannedAt(repo, 1, files);

    public Story PlannedAt(string repo, int revision, params RepoFile[] files)
    {
        Tell(new RepoEvents.FilesPlanned(RepoId.Parse(repo), CommitOf(repo, revision), files, 2, Now));
        foreach (var file in files)
        {
            Tell(new ArtifactEvents.Requested(file.Content, RepoId.Parse(repo), CommitOf(repo, revision), file, Lane.Bulk, Now));
        }

        return this;
    }

    public static RepoFile File(string path, string content) => new(path, 2048, ContentKey.Of(Hash(content)));

    public Story Analysed(RepoFile file, ArtifactAnalysis analysis)
    {
        if (analysis is { Artifact: { } artifact, Static: { } read })
        {
            Tell(new ArtifactEvents.Fetched(file.Content, artifact, read, Now));
        }

        return Tell(new ArtifactEvents.Analysed(file.Content, analysis, Now));
    }

    public Story FileJudged(string repo, RepoFile file, FileVerdict verdict, Sha256? artifact, int revision = 1) =>
        Tell(new RepoEvents.FileAnalysed(RepoId.Parse(repo), CommitOf(repo, revision), file.Content, artifact, verdict.Outcome, verdict.Reason, verdict, Now));

    public Story Verdict(string repo, Label label, IReadOnlyList<string> reasons, IReadOnlyList<JudgedFile> files, int revision = 1, string cluster = "text-generation") =>
        Tell(new RepoEvents.VerdictReached(
            RepoId.Parse(repo),
            CommitOf(repo, revision),
            new RepoVerdict(label, files.Count == 0 ? 0 : files.Max(file => file.Verdict.Decision?.Score ?? 0), cluster, reasons, files, files.Any(file => file.Verdict is { Outcome: Outcome.Analysed, Profile: null })),
            Now));

    /// <summary>A repo with one file from observation to verdict.</summary>
    public Story Repo(string repo, ArtifactAnalysis analysis, Label label, string? profile = null, string? tag = "text-generation", long likes = 10, string reason = "behaves as benign loads do", string path = "pytorch_model.bin", string? hubScan = null)
    {
        var file = new RepoFile(path, 2048, analysis.Artifact is { } known ? ContentKey.Of(known) : ContentKey.Of(Hash(repo)));
        var verdict = Judged(analysis, label, profile, reason);
        return Observed(repo, tag, likes, hubScan: hubScan)
            .Planned(repo, file)
            .Analysed(file, analysis)
            .FileJudged(repo, file, verdict, analysis.Artifact)
            .Verdict(repo, label, [$"{path}: {reason}"], [new JudgedFile(path, 2048, analysis.Artifact, verdict)], cluster: TaskCluster.Of(tag));
    }

    public Story Rescored(string repo, ArtifactAnalysis analysis, Label label, string profile, string path = "pytorch_model.bin") =>
        Verdict(repo, label, [$"{path}: judged again"], [new JudgedFile(path, 2048, analysis.Artifact, Judged(analysis, label, profile))]);

    public Task ApplyToAsync(ReadModelWriter writer, CancellationToken cancel) => writer.ApplyAsync("hub", events, cancel);
}
