using System.Text.Json.Serialization;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Work;

namespace DynaHug.Shared.Artifacts;

/// <summary>A message for the entity of one content; sharding routes by <see cref="Content"/>.</summary>
public interface IForArtifact
{
    ContentKey Content { get; }
}

public static class ArtifactCommands
{
    /// <summary>A repo needs this content analysed. Analysed already: the repo is told at once; else it is remembered and told later.</summary>
    /// <param name="Since">An analysis of before this moment does not do; null where any does.</param>
    /// <param name="Trace">Traceparent of the revision that asks; null where none is kept.</param>
    public sealed record Request(
        RepoId Repo,
        string Commit,
        RepoFile File,
        Lane Lane,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Since = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trace = null) : IForArtifact
    {
        public ContentKey Content => File.Content;
    }

    /// <summary>A crawler has stored the bytes, hash checked unless they are <paramref name="Sparse"/>, and read them statically.</summary>
    /// <param name="Sparse">What was read; null where all was.</param>
    /// <param name="Program">What its load may be shared by; null where it is to be loaded for itself.</param>
    /// <param name="Recheck">The lot fell on this sparse content: it is to be analysed whole as well.</param>
    public sealed record RecordFetched(
        ContentKey Content,
        Sha256 Artifact,
        StaticReport Static,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SparseReading? Sparse = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Sha256? Program = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Recheck = false) : IForArtifact;

    /// <summary>This repo does not give the bytes (gated, gone, too large, wrong hash); another that has the same content may.</summary>
    public sealed record RecordNotFetched(ContentKey Content, RepoId Repo, Outcome Outcome, string Reason) : IForArtifact;

    /// <summary>A worker has loaded and traced it.</summary>
    public sealed record RecordTraced(ContentKey Content, TraceSummary Trace) : IForArtifact;

    /// <summary>Our side failed at it (broken sandbox, store, hub); tried again until attempts are used up.</summary>
    /// <param name="Final">It is of no use to try again: the attempts were made, and each cost a node.</param>
    public sealed record RecordFailure(
        ContentKey Content, string Reason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Final = false) : IForArtifact;

    /// <summary>Content known by its git hash turned out to be this one: tell <paramref name="Waiting"/> when it is analysed.</summary>
    /// <param name="Since">See <see cref="Request"/>.</param>
    /// <param name="Trace">See <see cref="Request"/>.</param>
    public sealed record Follow(
        ContentKey Content,
        ContentKey Waiting,
        Sha256 Artifact,
        StaticReport Static,
        string FileName,
        Lane Lane,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Since = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trace = null) : IForArtifact;

    /// <summary>The bytes are in the store and no repo's: load and trace them, for the training actor to find the load in the read model.</summary>
    /// <param name="Since">See <see cref="Request"/>.</param>
    public sealed record TraceStored(ContentKey Content, Sha256 Artifact, StaticReport Static, string FileName, Lane Lane, DateTimeOffset Since) : IForArtifact;

    /// <summary>The content it follows is analysed.</summary>
    public sealed record RecordFollowed(ContentKey Content, ArtifactAnalysis Analysis) : IForArtifact;

    /// <summary>Ask for unfinished work again, after a restart.</summary>
    public sealed record Resume(ContentKey Content) : IForArtifact;
}

public interface IArtifactEvent : IForArtifact
{
    DateTimeOffset At { get; }
}

public static class ArtifactEvents
{
    /// <param name="Trace">See <see cref="ArtifactCommands.Request"/>.</param>
    public sealed record Requested(
        ContentKey Content,
        RepoId Repo,
        string Commit,
        RepoFile File,
        Lane Lane,
        DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trace = null) : IArtifactEvent;

    /// <summary>Another content key waits for the same bytes.</summary>
    /// <param name="Trace">See <see cref="ArtifactCommands.Request"/>.</param>
    public sealed record Followed(
        ContentKey Content,
        ContentKey Waiting,
        string FileName,
        Lane Lane,
        DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trace = null) : IArtifactEvent;

    /// <summary>A load of these bytes is wanted for its own sake.</summary>
    public sealed record TraceWanted(ContentKey Content, string FileName, Lane Lane, DateTimeOffset At) : IArtifactEvent;

    /// <summary>See <see cref="ArtifactCommands.RecordFetched"/>.</summary>
    public sealed record Fetched(
        ContentKey Content,
        Sha256 Artifact,
        StaticReport Static,
        DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SparseReading? Sparse = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Sha256? Program = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Recheck = false) : IArtifactEvent;

    /// <summary>A content that was analysed sparse is here whole as well, hash checked.</summary>
    public sealed record FetchedWhole(ContentKey Content, StaticReport Static, DateTimeOffset At) : IArtifactEvent;

    /// <summary>A content that was analysed sparse has been analysed whole, or cannot be.</summary>
    /// <param name="Whole">What counts from now on; null where the whole could not be had.</param>
    /// <param name="Difference">What the sparse analysis had otherwise, or why there is no whole one; empty where both agree.</param>
    public sealed record Rechecked(ContentKey Content, ArtifactAnalysis? Whole, string Difference, DateTimeOffset At) : IArtifactEvent;

    /// <summary>Somebody wants it analysed anew: bytes, reading, refusals and failures of before count no more.</summary>
    public sealed record Reopened(ContentKey Content, DateTimeOffset At) : IArtifactEvent;

    public sealed record NotFetched(ContentKey Content, RepoId Repo, Outcome Outcome, string Reason, DateTimeOffset At) : IArtifactEvent;

    public sealed record Failed(ContentKey Content, string Reason, int Failures, DateTimeOffset At) : IArtifactEvent;

    /// <summary>The end: everything known of the content.</summary>
    public sealed record Analysed(ContentKey Content, ArtifactAnalysis Analysis, DateTimeOffset At) : IArtifactEvent;
}

public static class ArtifactReplies
{
    /// <summary>The command's effect is in the journal (or was before).</summary>
    public sealed record Recorded(ContentKey Content);
}
