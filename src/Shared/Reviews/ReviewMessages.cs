using System.Text.Json.Serialization;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Wire;

namespace DynaHug.Shared.Reviews;

/// <summary>A person's word on a flagged revision. It stands beside the machine's verdict and never changes it.</summary>
public enum Judgement
{
    /// <summary>Nobody has judged it, or somebody took a judgement back.</summary>
    [JsonStringEnumMemberName("new")] New,

    [JsonStringEnumMemberName("confirmed")] Confirmed,

    [JsonStringEnumMemberName("false-alarm")] FalseAlarm,
}

/// <summary>A message for the review of one repo; sharding routes by <see cref="Repo"/>.</summary>
public interface IForReview
{
    RepoId Repo { get; }
}

public static class ReviewCommands
{
    /// <summary>Judge a revision; the same word twice changes nothing.</summary>
    public sealed record Judge(RepoId Repo, string Commit, Judgement Judgement, string Note, string By) : IForReview;

    /// <summary>Write something down for colleagues.</summary>
    public sealed record AddNote(RepoId Repo, string Commit, string Text, string By) : IForReview;

    /// <summary>Flag this content no more for this sign, in whichever repo it lies. By content hash, so that another file under the same name is still flagged.</summary>
    /// <param name="Sign">See <see cref="Verdicts.FlagSigns"/>.</param>
    public sealed record Suppress(RepoId Repo, Sha256 Artifact, string Sign, string Note, string By) : IForReview;

    /// <summary>Take a suppression back.</summary>
    public sealed record Lift(RepoId Repo, Sha256 Artifact, string Sign, string By) : IForReview;

    /// <summary>Write down who has asked for a new analysis; the analysis itself is asked of the repo.</summary>
    public sealed record RequestRescan(RepoId Repo, string Commit, string By) : IForReview;
}

public interface IReviewEvent : IForReview, IAudited;

public static class ReviewEvents
{
    public sealed record Judged(RepoId Repo, string Commit, Judgement Judgement, string Note, string By, DateTimeOffset At) : IReviewEvent
    {
        public AuditLine Describe() => new(Judgement == Judgement.New ? "reopened" : Judgement.Name(), $"{Repo}@{Commit}", Note);
    }

    public sealed record Noted(RepoId Repo, string Commit, string Text, string By, DateTimeOffset At) : IReviewEvent
    {
        public AuditLine Describe() => new("noted", $"{Repo}@{Commit}", Text);
    }

    public sealed record Suppressed(RepoId Repo, Sha256 Artifact, string Sign, string Note, string By, DateTimeOffset At) : IReviewEvent
    {
        public AuditLine Describe() => new("suppressed", $"{Sign} of {Artifact}", Note);
    }

    public sealed record Lifted(RepoId Repo, Sha256 Artifact, string Sign, string By, DateTimeOffset At) : IReviewEvent
    {
        public AuditLine Describe() => new("lifted-suppression", $"{Sign} of {Artifact}", "");
    }

    public sealed record RescanRequested(RepoId Repo, string Commit, string By, DateTimeOffset At) : IReviewEvent
    {
        public AuditLine Describe() => new("requested-rescan", $"{Repo}@{Commit}", "");
    }
}

public static class ReviewReplies
{
    /// <summary>The command's effect is in the journal (or was before).</summary>
    public sealed record Recorded(RepoId Repo);
}
