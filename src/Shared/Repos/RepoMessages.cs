using System.Text.Json.Serialization;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Work;

namespace DynaHug.Shared.Repos;

/// <summary>A message for the entity of one repo; sharding routes by <see cref="Repo"/>.</summary>
public interface IForRepo
{
    RepoId Repo { get; }
}

/// <summary>What a repo entity is told.</summary>
public static class RepoCommands
{
    /// <summary>The hub shows this revision. Known and unfinished: work is asked for again; known and finished: nothing happens.</summary>
    /// <param name="LeftOut">How many files it has, where the listing shows that none of them may hold a program; null where its file list has to be read.</param>
    public sealed record Observe(
        RepoId Repo,
        string Commit,
        RepoFacts Facts,
        Lane Lane,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LeftOut = null) : IForRepo;

    /// <summary>A crawler has read the revision's file list.</summary>
    /// <param name="Files">Files that may hold a program, each to be analysed.</param>
    /// <param name="LeftOut">Number of files that no loader would open (documentation, configuration).</param>
    /// <param name="Refused">Printable paths of entries that cannot be fetched safely, a bounded number of them; null for none.</param>
    /// <param name="HubScan">What the hub's own scan says of the revision; null where it is not known.</param>
    public sealed record RecordPlan(
        RepoId Repo,
        string Commit,
        IReadOnlyList<RepoFile> Files,
        int LeftOut,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Refused = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? HubScan = null) : IForRepo;

    /// <summary>The hub says of the whole repo that it is renamed, gone, gated, or to be had again. The verdict on what was seen of it stays.</summary>
    /// <param name="Detail">What the hub says, printable: the new name, its message.</param>
    public sealed record RecordAvailability(RepoId Repo, Availability Availability, string Detail) : IForRepo;

    /// <summary>The revision's files cannot be had: gated, deleted, made private, or the hub failed for good.</summary>
    public sealed record RecordUnreadable(RepoId Repo, string Commit, Outcome Outcome, string Reason) : IForRepo;

    /// <summary>An artifact that this repo waits for is analysed.</summary>
    /// <param name="Anew">It was analysed before, and this takes the former analysis' place.</param>
    public sealed record RecordAnalysis(
        RepoId Repo,
        ContentKey Content,
        ArtifactAnalysis Analysis,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Anew = false) : IForRepo;

    /// <summary>A profile has scored stored traces again.</summary>
    public sealed record RecordRescore(RepoId Repo, string Commit, IReadOnlyDictionary<string, FileVerdict> VerdictsByPath) : IForRepo;

    /// <summary>Analyse the current revision anew where it is unknown, and ask again for what is unfinished.</summary>
    public sealed record Resume(RepoId Repo) : IForRepo;

    /// <summary>Analyse a judged revision anew. Its verdict stays until the new one is reached.</summary>
    public sealed record Rescan(RepoId Repo, string Commit, Lane Lane) : IForRepo;

    /// <summary>Somebody asks for a revision that need not be the current one: analyse it beside that. Where it is known, only what nothing could be said of is looked at again.</summary>
    public sealed record Pin(RepoId Repo, string Commit, Lane Lane) : IForRepo;
}

/// <summary>What has happened to a repo; the journal. Facts only.</summary>
public interface IRepoEvent : IForRepo
{
    DateTimeOffset At { get; }
}

/// <summary>What has happened to one revision of a repo, current or pinned.</summary>
public interface IRevisionEvent : IRepoEvent
{
    /// <summary>Commit sha, 40 hex digits.</summary>
    string Commit { get; }
}

public static class RepoEvents
{
    /// <summary>A new current revision; former verdicts stay in the history.</summary>
    /// <param name="Trace">Traceparent of its distributed trace; null where none is kept.</param>
    public sealed record RevisionObserved(
        RepoId Repo,
        string Commit,
        RepoFacts Facts,
        Lane Lane,
        DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trace = null) : IRevisionEvent;

    /// <summary>Same revision, other likes, tag or gating.</summary>
    public sealed record FactsChanged(RepoId Repo, RepoFacts Facts, DateTimeOffset At) : IRepoEvent;

    /// <summary>See <see cref="RepoCommands.RecordPlan"/>.</summary>
    public sealed record FilesPlanned(
        RepoId Repo,
        string Commit,
        IReadOnlyList<RepoFile> Files,
        int LeftOut,
        DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Refused = null) : IRevisionEvent;

    /// <summary>See <see cref="RepoCommands.RecordAvailability"/>.</summary>
    public sealed record AvailabilityChanged(RepoId Repo, Availability Availability, string Detail, DateTimeOffset At) : IRepoEvent;

    /// <summary>One content of a revision is analysed; the analysis itself is the artifact's event.</summary>
    /// <param name="Artifact">Null where the bytes were never had.</param>
    /// <param name="Sparse">What was read of it; null where it was read whole, or not at all.</param>
    public sealed record FileAnalysed(
        RepoId Repo,
        string Commit,
        ContentKey Content,
        Sha256? Artifact,
        Outcome Outcome,
        string Reason,
        FileVerdict Verdict,
        DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SparseReading? Sparse = null) : IRevisionEvent;

    /// <summary>See <see cref="RepoCommands.Rescan"/>; analyses of before this moment count no more.</summary>
    public sealed record RescanRequested(RepoId Repo, string Commit, Lane Lane, DateTimeOffset At) : IRevisionEvent;

    /// <summary>The revision's verdict, first or changed.</summary>
    public sealed record VerdictReached(RepoId Repo, string Commit, RepoVerdict Verdict, DateTimeOffset At) : IRevisionEvent;

    /// <summary>A revision is to be judged beside the current one, for the first time or anew. Nothing that is said of it from now on is said of the repo.</summary>
    /// <param name="Trace">See <see cref="RevisionObserved"/>.</param>
    public sealed record RevisionPinned(
        RepoId Repo,
        string Commit,
        Lane Lane,
        DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trace = null) : IRevisionEvent;

    /// <summary>A pinned revision has made room for another. Its verdict stays in the history, and no profile scores it again.</summary>
    public sealed record PinForgotten(RepoId Repo, string Commit, DateTimeOffset At) : IRevisionEvent;
}

public static class RepoReplies
{
    /// <summary>The command's effect is in the journal (or was before).</summary>
    public sealed record Recorded(RepoId Repo);
}
