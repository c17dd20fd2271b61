using System.Collections.Immutable;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Work;

namespace DynaHug.Shared.Repos;

/// <summary>A content of the current revision that is analysed, with the verdict on it.</summary>
public sealed record JudgedContent(Sha256? Artifact, FileVerdict Verdict);

/// <summary>
/// What one repo entity knows: the current revision, its files, and what each turned out to be. Pure: commands give events,
/// events give the next state, and <see cref="Wants"/> says which work is still owed.
/// </summary>
public sealed record RepoState(RepoId Repo)
{
    public string? Commit { get; init; }

    public RepoFacts? Facts { get; init; }

    public Lane Lane { get; init; } = Lane.Bulk;

    /// <summary>Null until a crawler has read the file list.</summary>
    public IReadOnlyList<RepoFile>? Files { get; init; }

    public int LeftOut { get; init; }

    public ImmutableDictionary<ContentKey, JudgedContent> Judged { get; init; } = ImmutableDictionary<ContentKey, JudgedContent>.Empty;

    public RepoVerdict? Verdict { get; init; }

    /// <summary>The cluster whose profile scores this repo.</summary>
    public string Cluster => TaskCluster.Of(Facts?.PipelineTag);

    private IEnumerable<RepoFile> OpenFiles => (Files ?? []).Where(file => !Judged.ContainsKey(file.Content)).DistinctBy(file => file.Content);

    /// <summary>The work that is still owed to the current revision; empty when it has its verdict.</summary>
    public IEnumerable<object> Wants() =>
        Commit is null || Verdict is not null ? []
        : Files is null ? [new PlanJob(Repo, Commit)]
        : OpenFiles.Select(file => new ArtifactCommands.Request(Repo, Commit, file, Lane));

    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.Observe command, DateTimeOffset now) =>
        command.Commit != Commit ? [new RepoEvents.RevisionObserved(Repo, command.Commit, command.Facts, command.Lane, now)]
        : command.Facts != Facts ? [new RepoEvents.FactsChanged(Repo, command.Facts, now)]
        : [];

    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.RecordPlan command, DateTimeOffset now)
    {
        if (command.Commit != Commit || Files is not null || Verdict is not null)
        {
            return [];
        }

        var planned = new RepoEvents.FilesPlanned(Repo, command.Commit, command.Files, command.LeftOut, now);
        return [planned, .. VerdictOnceAllAreJudged(Apply(planned), now)];
    }

    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.RecordUnreadable command, DateTimeOffset now)
    {
        if (command.Commit != Commit || Verdict is not null)
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
    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.RecordAnalysis command, FileVerdict verdict, DateTimeOffset now)
    {
        if (Commit is null || Files is null || Judged.ContainsKey(command.Content) || Files.All(file => file.Content != command.Content))
        {
            return [];
        }

        var analysed = new RepoEvents.FileAnalysed(
            Repo, Commit, command.Content, command.Analysis.Artifact, command.Analysis.Outcome, command.Analysis.Reason, verdict, now);
        return [analysed, .. VerdictOnceAllAreJudged(Apply(analysed), now)];
    }

    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.RecordRescore command, DateTimeOffset now)
    {
        if (command.Commit != Commit || Verdict is null || Files is null)
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
        RepoEvents.RevisionObserved observed => new RepoState(Repo) { Commit = observed.Commit, Facts = observed.Facts, Lane = observed.Lane },
        RepoEvents.FactsChanged changed => this with { Facts = changed.Facts },
        RepoEvents.FilesPlanned planned => this with { Files = planned.Files, LeftOut = planned.LeftOut },
        RepoEvents.FileAnalysed analysed => this with { Judged = Judged.SetItem(analysed.Content, new JudgedContent(analysed.Artifact, analysed.Verdict)) },
        RepoEvents.VerdictReached reached => this with { Verdict = reached.Verdict, Judged = WithVerdicts(reached.Verdict) },
        _ => this,
    };

    private ImmutableDictionary<ContentKey, JudgedContent> WithVerdicts(RepoVerdict verdict)
    {
        var contentOf = (Files ?? []).ToDictionary(file => file.Path, file => file.Content);
        return verdict.Files
            .Where(judged => contentOf.ContainsKey(judged.Path))
            .Aggregate(Judged, (all, judged) => all.SetItem(contentOf[judged.Path], new JudgedContent(judged.Artifact, judged.Verdict)));
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
            .Select(pair => new JudgedFile(pair.file.Path, pair.file.Size, pair.judged.Artifact, pair.judged.Verdict))
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

    private static bool SameDecision(RepoVerdict one, RepoVerdict other) =>
        one.Label == other.Label
        && one.Provisional == other.Provisional
        && one.Files.Select(file => (file.Path, file.Verdict.Profile, file.Verdict.Label))
            .SequenceEqual(other.Files.Select(file => (file.Path, file.Verdict.Profile, file.Verdict.Label)));
}
