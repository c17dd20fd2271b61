using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Static;
using DynaHug.Shared.Work;

namespace DynaHug.Shared.Artifacts;

/// <summary>A repo that has the content, and where.</summary>
public sealed record ContentSource(RepoId Repo, string Commit, RepoFile File, Lane Lane);

/// <summary>
/// What one artifact entity knows of a content: who needs it, whether its bytes are stored, and how the analysis ended.
/// The same content in a thousand repos is fetched and traced once.
/// </summary>
public sealed record ArtifactState(ContentKey Content)
{
    /// <summary>Failures of our side before the content is given up as <see cref="Outcome.Error"/>.</summary>
    public const int MaxFailures = 3;

    public ImmutableList<ContentSource> Sources { get; init; } = [];

    /// <summary>Repos that do not give the bytes, with what they are told.</summary>
    public ImmutableDictionary<RepoId, ArtifactAnalysis> Refusals { get; init; } = ImmutableDictionary<RepoId, ArtifactAnalysis>.Empty;

    /// <summary>Contents known by their git hash that turned out to be this one.</summary>
    public ImmutableHashSet<ContentKey> Followers { get; init; } = [];

    public Lane Lane { get; init; } = Lane.Bulk;

    public string FileName { get; init; } = "";

    public Sha256? Artifact { get; init; }

    public StaticReport? Static { get; init; }

    /// <summary>What was read of it; null where all was.</summary>
    public SparseReading? Sparse { get; init; }

    /// <summary>The program whose load counts for this content; null where it is loaded for itself.</summary>
    public Sha256? Program { get; init; }

    /// <summary>Analysed sparse, and to be analysed whole as well.</summary>
    public bool Recheck { get; init; }

    /// <summary>What static reading says of the whole, once that is here for a recheck.</summary>
    public StaticReport? StaticOfWhole { get; init; }

    public int Failures { get; init; }

    public ArtifactAnalysis? Analysis { get; init; }

    /// <summary>When it was last asked to be analysed anew; null where it never was.</summary>
    public DateTimeOffset? ReopenedAt { get; init; }

    /// <summary>When it was last analysed, or a repo last refused to give it.</summary>
    public DateTimeOffset AnsweredAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Traceparent of the revision that asked first: what is done for many is seen in the trace of one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trace { get; init; }

    /// <summary>The answer for a repo, or null while there is none.</summary>
    public ArtifactAnalysis? AnswerFor(RepoId repo) => Analysis ?? Refusals.GetValueOrDefault(repo);

    /// <summary>The work that is still owed: a fetch, then a trace, or the analysis of the content that it turned out to be.</summary>
    public IEnumerable<object> Wants()
    {
        if (Analysis is not null)
        {
            if (Recheck && Sources.Count > 0)
            {
                yield return StaticOfWhole is null
                    ? new FetchJob(Sources[0].Repo, Sources[0].Commit, Sources[0].File, Whole: true)
                    : new TraceJob(Content, Content.Sha256!, FileName, StaticOfWhole.Format, LibrarySets.Of(StaticOfWhole));
            }
        }
        else if (Artifact is null || Static is null)
        {
            if (Sources.FirstOrDefault(source => !Refusals.ContainsKey(source.Repo)) is { } source)
            {
                yield return new FetchJob(source.Repo, source.Commit, source.File);
            }
        }
        else if (Content.Program is not null)
        {
            yield return new TraceJob(Content, Artifact, FileName, Static.Format, LibrarySets.Of(Static));
        }
        else if (Program is not null)
        {
            yield return new ArtifactCommands.Follow(ContentKey.OfProgram(Program), Content, Program, Static, FileName, Lane, ReopenedAt, Trace);
        }
        else if (Content.Sha256 is null)
        {
            yield return new ArtifactCommands.Follow(ContentKey.Of(Artifact), Content, Artifact, Static, FileName, Lane, ReopenedAt, Trace);
        }
        else
        {
            yield return new TraceJob(Content, Artifact, FileName, Static.Format, LibrarySets.Of(Static));
        }
    }

    /// <summary>Everybody who is to be told of the analysis.</summary>
    public IEnumerable<object> Tidings() =>
        Sources
            .Select(source => (source.Repo, Answer: AnswerFor(source.Repo)))
            .Where(told => told.Answer is not null)
            .DistinctBy(told => told.Repo)
            .Select(object (told) => new RepoCommands.RecordAnalysis(told.Repo, Content, told.Answer!, ReopenedAt is not null))
            .Concat(Analysis is null ? [] : Followers.Select(follower => new ArtifactCommands.RecordFollowed(follower, Analysis)));

    public IReadOnlyList<IArtifactEvent> Handle(ArtifactCommands.Request command, DateTimeOffset now) =>
        IsStale(command.Since, AnswerFor(command.Repo) is not null)
            ? [new ArtifactEvents.Reopened(Content, now), new ArtifactEvents.Requested(Content, command.Repo, command.Commit, command.File, command.Lane, now, command.Trace)]
        : AnswerFor(command.Repo) is not null || Sources.Any(source => source.Repo == command.Repo && source.Commit == command.Commit && source.Lane <= command.Lane)
            ? []
            : [new ArtifactEvents.Requested(Content, command.Repo, command.Commit, command.File, command.Lane, now, command.Trace)];

    public IReadOnlyList<IArtifactEvent> Handle(ArtifactCommands.RecordFetched command, DateTimeOffset now)
    {
        if (Recheck && Analysis is not null && command.Sparse is null && StaticOfWhole is null)
        {
            var whole = new ArtifactEvents.FetchedWhole(Content, command.Static, now);
            return command.Static.Outcome is null ? [whole] : [whole, Rechecked(ArtifactAnalysis.Of(command.Artifact, command.Static, null), now)];
        }

        if (Analysis is not null || Artifact is not null)
        {
            return [];
        }

        var fetched = new ArtifactEvents.Fetched(Content, command.Artifact, command.Static, now, command.Sparse, command.Program, command.Recheck);
        return Content.Sha256 is null ? [fetched] : [fetched, .. AnalysedIfNothingRuns(command.Artifact, command.Static, now, command.Sparse)];
    }

    public IReadOnlyList<IArtifactEvent> Handle(ArtifactCommands.RecordNotFetched command, DateTimeOffset now) =>
        Recheck && Analysis is not null ? [new ArtifactEvents.Rechecked(Content, null, $"could not be had whole: {command.Reason}", now)]
        : Analysis is not null || Artifact is not null || Refusals.ContainsKey(command.Repo)
            ? []
            : [new ArtifactEvents.NotFetched(Content, command.Repo, command.Outcome, command.Reason, now)];

    public IReadOnlyList<IArtifactEvent> Handle(ArtifactCommands.RecordTraced command, DateTimeOffset now) =>
        Recheck && Analysis is not null && StaticOfWhole is not null ? [Rechecked(ArtifactAnalysis.Of(Content.Sha256!, StaticOfWhole, command.Trace), now)]
        : Analysis is not null || Artifact is null || Static is null
            ? []
            : [new ArtifactEvents.Analysed(Content, ArtifactAnalysis.Of(Artifact, Static, command.Trace), now)];

    public IReadOnlyList<IArtifactEvent> Handle(ArtifactCommands.RecordFailure command, DateTimeOffset now)
    {
        if (Analysis is not null && !Recheck)
        {
            return [];
        }

        var failures = Failures + 1;
        var triesAgain = failures < MaxFailures && !command.Final;
        if (Analysis is not null)
        {
            return triesAgain
                ? [new ArtifactEvents.Failed(Content, command.Reason, failures, now)]
                : [new ArtifactEvents.Rechecked(Content, null, $"gave up after {failures} failures: {command.Reason}", now)];
        }

        var failed = new ArtifactEvents.Failed(Content, command.Reason, failures, now);
        return triesAgain
            ? [failed]
            : [failed, new ArtifactEvents.Analysed(Content, new ArtifactAnalysis(Artifact, Outcome.Error, $"gave up after {failures} failures: {command.Reason}", Static, null), now)];
    }

    public IReadOnlyList<IArtifactEvent> Handle(ArtifactCommands.Follow command, DateTimeOffset now)
    {
        if (IsStale(command.Since, Analysis is not null))
        {
            var reopened = new ArtifactEvents.Reopened(Content, now);
            return [reopened, .. Apply(reopened).Handle(command with { Since = null }, now)];
        }

        if (Followers.Contains(command.Waiting))
        {
            return [.. FetchedUnlessKnown(command.Artifact, command.Static, now)];
        }

        var followed = new ArtifactEvents.Followed(Content, command.Waiting, command.FileName, command.Lane, now, command.Trace);
        return [followed, .. FetchedUnlessKnown(command.Artifact, command.Static, now)];
    }

    public IReadOnlyList<IArtifactEvent> Handle(ArtifactCommands.TraceStored command, DateTimeOffset now)
    {
        if (IsStale(command.Since, Analysis is not null))
        {
            var reopened = new ArtifactEvents.Reopened(Content, now);
            return [reopened, .. Apply(reopened).Handle(command, now)];
        }

        return IsKnown ? [] : [new ArtifactEvents.TraceWanted(Content, command.FileName, command.Lane, now), .. FetchedUnlessKnown(command.Artifact, command.Static, now)];
    }

    public IReadOnlyList<IArtifactEvent> Handle(ArtifactCommands.RecordFollowed command, DateTimeOffset now) =>
        Analysis is not null ? []
        : Program is null ? [new ArtifactEvents.Analysed(Content, command.Analysis, now)]
        : [new ArtifactEvents.Analysed(Content, command.Analysis with { Artifact = Artifact, Sparse = Sparse }, now)];

    public ArtifactState Apply(IArtifactEvent e) => e switch
    {
        ArtifactEvents.Requested requested => this with
        {
            Sources = Sources.RemoveAll(source => source.Repo == requested.Repo)
                .Add(new ContentSource(requested.Repo, requested.Commit, requested.File, requested.Lane)),
            Lane = requested.Lane < Lane ? requested.Lane : Lane,
            FileName = FileName.Length > 0 ? FileName : requested.File.Path.Split('/')[^1],
            Trace = Trace ?? requested.Trace,
        },
        ArtifactEvents.Followed followed => this with
        {
            Followers = Followers.Add(followed.Waiting),
            Lane = followed.Lane < Lane ? followed.Lane : Lane,
            FileName = FileName.Length > 0 ? FileName : followed.FileName,
            Trace = Trace ?? followed.Trace,
        },
        ArtifactEvents.TraceWanted wanted => this with
        {
            Lane = wanted.Lane < Lane ? wanted.Lane : Lane,
            FileName = FileName.Length > 0 ? FileName : wanted.FileName,
        },
        ArtifactEvents.Fetched fetched => this with
        {
            Artifact = fetched.Artifact,
            Static = fetched.Static,
            Sparse = fetched.Sparse,
            Program = fetched.Program,
            Recheck = fetched.Recheck && fetched.Sparse is not null,
        },
        ArtifactEvents.FetchedWhole whole => this with { StaticOfWhole = whole.Static, Failures = 0 },
        ArtifactEvents.Rechecked rechecked => this with { Analysis = rechecked.Whole ?? Analysis, Recheck = false },
        ArtifactEvents.Reopened reopened => new ArtifactState(Content)
        {
            Sources = Sources,
            Followers = Followers,
            Lane = Lane,
            FileName = FileName,
            ReopenedAt = reopened.At,
        },
        ArtifactEvents.NotFetched refused => this with
        {
            Refusals = Refusals.SetItem(refused.Repo, ArtifactAnalysis.WithoutBytes(refused.Outcome, refused.Reason)),
            AnsweredAt = refused.At,
        },
        ArtifactEvents.Failed failed => this with { Failures = failed.Failures },
        ArtifactEvents.Analysed analysed => this with { Analysis = analysed.Analysis, AnsweredAt = analysed.At },
        _ => this,
    };

    private bool IsStale(DateTimeOffset? since, bool answered) => answered && AnsweredAt < since;

    /// <summary>Its bytes are here, or it was given up.</summary>
    private bool IsKnown => Artifact is not null || Analysis is not null;

    /// <summary>Somebody brings the bytes that they have.</summary>
    private IEnumerable<IArtifactEvent> FetchedUnlessKnown(Sha256 artifact, StaticReport read, DateTimeOffset now) =>
        IsKnown ? [] : [new ArtifactEvents.Fetched(Content, artifact, read, now), .. AnalysedIfNothingRuns(artifact, read, now)];

    private IEnumerable<IArtifactEvent> AnalysedIfNothingRuns(Sha256 artifact, StaticReport read, DateTimeOffset now, SparseReading? sparse = null)
    {
        if (read.Outcome is not null)
        {
            yield return new ArtifactEvents.Analysed(Content, ArtifactAnalysis.Of(artifact, read, null) with { Sparse = sparse }, now);
        }
    }

    private ArtifactEvents.Rechecked Rechecked(ArtifactAnalysis whole, DateTimeOffset now) =>
        new(Content, whole, SparseReading.Difference(Analysis!, whole), now);
}
