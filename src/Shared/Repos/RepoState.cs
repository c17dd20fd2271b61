using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Work;

namespace DynaHug.Shared.Repos;

/// <summary>A content of the current revision that is analysed, with the verdict on it.</summary>
public sealed record JudgedContent(Sha256? Artifact, FileVerdict Verdict, SparseReading? Sparse = null);

/// <summary>
/// What one repo entity knows: the current revision, its files, and what each turned out to be. Pure: commands give events,
/// events give the next state, and <see cref="Wants"/> says which work is still owed.
/// </summary>
public sealed partial record RepoState(RepoId Repo)
{
    public string? Commit { get; init; }

    public RepoFacts? Facts { get; init; }

    public Lane Lane { get; init; } = Lane.Bulk;

    /// <summary>Null until a crawler has read the file list.</summary>
    public IReadOnlyList<RepoFile>? Files { get; init; }

    public int LeftOut { get; init; }

    /// <summary>Paths of entries that cannot be fetched safely.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    public Availability Availability { get; init; }

    public ImmutableDictionary<ContentKey, JudgedContent> Judged { get; init; } = ImmutableDictionary<ContentKey, JudgedContent>.Empty;

    public RepoVerdict? Verdict { get; init; }

    /// <summary>Analyses must be later than this: a rescan is under way. Null while none is.</summary>
    public DateTimeOffset? RescanSince { get; init; }

    /// <summary>See <see cref="RepoEvents.RevisionObserved"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trace { get; init; }

    private bool IsJudged => Verdict is not null && RescanSince is null;

    /// <summary>The cluster whose profile scores this repo.</summary>
    [JsonIgnore]
    public string Cluster => TaskCluster.Of(Facts?.PipelineTag);

    private IEnumerable<RepoFile> OpenFiles => (Files ?? []).Where(file => !Judged.ContainsKey(file.Content)).DistinctBy(file => file.Content);

    /// <summary>The work that is still owed to the current revision; empty when it has its verdict.</summary>
    public IEnumerable<object> Wants() =>
        Commit is null || IsJudged ? []
        : Files is null ? [new PlanJob(Repo, Commit)]
        : OpenFiles.Select(file => new ArtifactCommands.Request(Repo, Commit, file, Lane, RescanSince, Trace));

    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.Observe command, DateTimeOffset now)
    {
        // Listings do not tell what the hub's scan says; what a plan has told of the same revision stays.
        var facts = command.Commit == Commit && command.Facts.HubScan is null ? command.Facts with { HubScan = Facts?.HubScan } : command.Facts;
        IReadOnlyList<IRepoEvent> seen = command.Commit != Commit ? [new RepoEvents.RevisionObserved(Repo, command.Commit, facts, command.Lane, now)]
            : facts != Facts ? [new RepoEvents.FactsChanged(Repo, facts, now)]
            : [];
        var availability = AvailabilityOf(facts);
        IReadOnlyList<IRepoEvent> all = availability == Availability ? seen : [.. seen, new RepoEvents.AvailabilityChanged(Repo, availability, "", now)];
        return command.LeftOut is { } leftOut
            ? [.. all, .. all.Aggregate(this, (state, e) => state.Apply(e)).Handle(new RepoCommands.RecordPlan(Repo, command.Commit, [], leftOut), now)]
            : all;
    }

    /// <summary>What a listing that shows a repo says of it.</summary>
    public static Availability AvailabilityOf(RepoFacts facts) => facts.Gated ? Availability.Gated : Availability.Public;

    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.RecordAvailability command, DateTimeOffset now) =>
        command.Availability == Availability ? [] : [new RepoEvents.AvailabilityChanged(Repo, command.Availability, command.Detail, now)];

    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.RecordPlan command, DateTimeOffset now)
    {
        if (PinAt(command.Commit) is { } pin)
        {
            return pin.Handle(command with { HubScan = null }, now);
        }

        if (command.Commit != Commit || Files is not null || IsJudged)
        {
            return [];
        }

        var planned = new RepoEvents.FilesPlanned(Repo, command.Commit, command.Files, command.LeftOut, now, command.Refused);
        var scanned = Facts is not null && command.HubScan is not null && command.HubScan != Facts.HubScan
            ? new RepoEvents.FactsChanged(Repo, Facts with { HubScan = command.HubScan }, now)
            : null;
        var known = scanned is null ? this : Apply(scanned);
        return [.. scanned is null ? Array.Empty<IRepoEvent>() : [scanned], planned, .. VerdictOnceAllAreJudged(known.Apply(planned), now)];
    }

    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.RecordUnreadable command, DateTimeOffset now)
    {
        if (PinAt(command.Commit) is { } pin)
        {
            return pin.Handle(command, now);
        }

        if (command.Commit != Commit || IsJudged)
        {
            return [];
        }

        var verdict = new FileVerdict(Label.Unknown, command.Outcome, command.Reason, null, [], [command.Reason], null, null);
        return
        [
            new RepoEvents.VerdictReached(
                Repo,
                command.Commit,
                new RepoVerdict(Label.Unknown, 0, Cluster, [command.Reason], [new JudgedFile("", 0, null, verdict)], Provisional: false),
                now),
        ];
    }

    /// <param name="verdict">The verdict that the active profile reaches on the analysis.</param>
    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.RecordAnalysis command, FileVerdict verdict, DateTimeOffset now) =>
        [.. Revisions.SelectMany(revision => revision.Analysed(command, verdict, now))];

    private IReadOnlyList<IRepoEvent> Analysed(RepoCommands.RecordAnalysis command, FileVerdict verdict, DateTimeOffset now)
    {
        var known = Judged.GetValueOrDefault(command.Content);
        var recheckedWhole = known?.Sparse is not null && command.Analysis.Sparse is null;
        var changedAnew = known is not null && command.Anew && !SameFinding(known.Verdict, verdict);
        if (Commit is null || Files is null || (known is not null && !recheckedWhole && !changedAnew) || Files.All(file => file.Content != command.Content))
        {
            return [];
        }

        var analysed = new RepoEvents.FileAnalysed(
            Repo, Commit, command.Content, command.Analysis.Artifact, command.Analysis.Outcome, command.Analysis.Reason, verdict, now, command.Analysis.Sparse);
        return [analysed, .. VerdictOnceAllAreJudged(Apply(analysed), now)];
    }

    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.Rescan command, DateTimeOffset now) =>
        command.Commit == Commit && IsJudged ? [new RepoEvents.RescanRequested(Repo, command.Commit, command.Lane, now)] : [];

    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.RecordRescore command, DateTimeOffset now)
    {
        if (PinAt(command.Commit) is { } pin)
        {
            return pin.Handle(command, now);
        }

        if (command.Commit != Commit || Verdict is null || RescanSince is not null || Files is null)
        {
            return [];
        }

        var rescored = Judged.ToBuilder();
        foreach (var file in Files)
        {
            if (command.VerdictsByPath.TryGetValue(file.Path, out var verdict) && Judged.TryGetValue(file.Content, out var former))
            {
                rescored[file.Content] = former with { Verdict = verdict };
            }
        }

        var next = VerdictOf(this with { Judged = rescored.ToImmutable() });
        return SameDecision(next, Verdict) ? [] : [new RepoEvents.VerdictReached(Repo, Commit, next, now)];
    }

    public RepoState Apply(IRepoEvent e) => e switch
    {
        RepoEvents.RevisionPinned pinned => WithPin(pinned),
        RepoEvents.PinForgotten forgotten => this with { Pins = PinsBut(forgotten.Commit) },
        RepoEvents.RevisionObserved observed => new RepoState(Repo)
        {
            Commit = observed.Commit,
            Lane = observed.Lane,
            Availability = Availability,
            Trace = observed.Trace,
            Pins = PinsBut(observed.Commit),
        }.WithFacts(observed.Facts),
        IRevisionEvent ofPin when PinAt(ofPin.Commit) is { } pin => this with { Pins = Pins!.Replace(pin, pin.Apply(e)) },
        RepoEvents.AvailabilityChanged changed => this with { Availability = changed.Availability },
        RepoEvents.FactsChanged changed => WithFacts(changed.Facts),
        RepoEvents.FilesPlanned planned => this with { Files = planned.Files, LeftOut = planned.LeftOut, Refused = planned.Refused ?? [] },
        RepoEvents.FileAnalysed analysed => this with { Judged = Judged.SetItem(analysed.Content, new JudgedContent(analysed.Artifact, analysed.Verdict, analysed.Sparse)) },
        RepoEvents.VerdictReached reached => this with { Verdict = reached.Verdict, Judged = WithVerdicts(reached.Verdict), RescanSince = null },
        RepoEvents.RescanRequested rescan => this with { RescanSince = rescan.At, Lane = rescan.Lane, Judged = Judged.Clear() },
        _ => this,
    };

    private ImmutableDictionary<ContentKey, JudgedContent> WithVerdicts(RepoVerdict verdict)
    {
        var contentOf = (Files ?? []).ToDictionary(file => file.Path, file => file.Content);
        return verdict.Files
            .Where(judged => contentOf.ContainsKey(judged.Path))
            .Aggregate(Judged, (all, judged) => all.SetItem(contentOf[judged.Path], new JudgedContent(judged.Artifact, judged.Verdict, judged.Sparse)));
    }

    private static IEnumerable<IRepoEvent> VerdictOnceAllAreJudged(RepoState state, DateTimeOffset now)
    {
        if (!state.OpenFiles.Any())
        {
            yield return new RepoEvents.VerdictReached(state.Repo, state.Commit!, VerdictOf(state), now);
        }
    }

    private static RepoVerdict VerdictOf(RepoState state)
    {
        var files = state.Files!
            .Select(file => (file, judged: state.Judged[file.Content]))
            .Select(pair => new JudgedFile(pair.file.Path, pair.file.Size, pair.judged.Artifact, Saying(pair.judged.Verdict, pair.judged.Sparse), pair.judged.Sparse))
            .Concat(state.Refused.Select(RefusedFile))
            .ToList();
        if (files.Count == 0)
        {
            return new RepoVerdict(Label.Benign, 0, state.Cluster, ["nothing to execute: no file of this revision is one that a loader opens"], [], Provisional: false);
        }

        var gravest = files.OrderByDescending(file => file.Verdict.Label).ThenByDescending(file => file.Verdict.Decision?.Score ?? 0).ToList();
        var label = gravest[0].Verdict.Label;
        var reasons = gravest
            .Where(file => file.Verdict.Label == label)
            .SelectMany(file => file.Verdict.Reasons.Select(reason => $"{Printable.Of(file.Path, 120)}: {reason}"))
            .Distinct()
            .Take(20)
            .ToList();
        return new RepoVerdict(
            label,
            files.Max(file => file.Verdict.Decision?.Score ?? 0),
            state.Cluster,
            reasons,
            files,
            Provisional: files.Any(file => file.Verdict is { Outcome: Outcome.Analysed, Profile: null }));
    }

    /// <summary>A verdict on a part of a file says so, whoever reached it.</summary>
    private static FileVerdict Saying(FileVerdict verdict, SparseReading? sparse) =>
        sparse is null || verdict.Reasons.Contains(sparse.Sentence) ? verdict : verdict with { Reasons = [.. verdict.Reasons, sparse.Sentence] };

    private static JudgedFile RefusedFile(string path)
    {
        const string reason = "the hub lists it under a path, or with a size or hash, that no honest file has; it was not fetched";
        return new JudgedFile(path, 0, null, new FileVerdict(Label.Unknown, Outcome.UnsafePath, reason, null, [], [reason], null, null));
    }

    private static bool SameFinding(FileVerdict one, FileVerdict other) =>
        one.Label == other.Label && one.Outcome == other.Outcome && one.Environment == other.Environment && one.Indicators.SequenceEqual(other.Indicators);

    private static bool SameDecision(RepoVerdict one, RepoVerdict other) =>
        one.Label == other.Label
        && one.Provisional == other.Provisional
        && one.Files.Select(file => (file.Path, file.Verdict.Profile, file.Verdict.Label))
            .SequenceEqual(other.Files.Select(file => (file.Path, file.Verdict.Profile, file.Verdict.Label)));
}
