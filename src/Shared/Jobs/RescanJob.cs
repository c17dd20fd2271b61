using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Shared.Jobs;

public enum JobStatus
{
    [JsonStringEnumMemberName("running")] Running,
    [JsonStringEnumMemberName("paused")] Paused,
    [JsonStringEnumMemberName("done")] Done,
    [JsonStringEnumMemberName("cancelled")] Cancelled,
}

/// <summary>Which repos a bulk rescan is about; what is null does not restrict.</summary>
/// <param name="TraceEnvironment">Repos with a load that was traced in this environment.</param>
/// <param name="All">
/// Also repos whose loads the newest environment has traced. Without it only those are taken that it could say something new of: a profile needs no new trace, it judges
/// the stored ones again.
/// </param>
public sealed record JobScope(string? TaskCluster = null, Label? Label = null, string? TraceEnvironment = null, IReadOnlyList<RepoId>? Repos = null, bool All = false);

/// <summary>A repo that was sent on a rescan.</summary>
/// <param name="Before">Its label then.</param>
public sealed record SentRepo(RepoId Repo, string Commit, Label? Before);

/// <summary>A repo that came back from a rescan.</summary>
public sealed record JudgedRepo(RepoId Repo, Label? After);

/// <summary>A repo that the rescan has flagged or cleared.</summary>
public sealed record LabelChange(RepoId Repo, Label? Before, Label? After);

/// <summary>A bulk rescan: repos of its scope are sent in the order of their names, a bounded number at a time, in the lowest lane.</summary>
/// <param name="Environment">The newest environment when it began.</param>
/// <param name="Total">Repos that were in its scope when it began.</param>
public sealed record RescanJob(int Id, JobScope Scope, string Environment, int Total, string By, DateTimeOffset StartedAt)
{
    /// <summary>Changes that are kept with their repos; the figures count all.</summary>
    public const int MostChanges = 500;

    public JobStatus Status { get; init; }

    /// <summary>Name of the last repo that was sent.</summary>
    public string Cursor { get; init; } = "";

    /// <summary>Sent and not yet judged anew, with the moment they were sent at.</summary>
    public ImmutableDictionary<RepoId, (SentRepo Repo, DateTimeOffset At)> Underway { get; init; } = ImmutableDictionary<RepoId, (SentRepo, DateTimeOffset)>.Empty;

    /// <summary>Repos that were judged anew.</summary>
    public int Judged { get; init; }

    /// <summary>Repos that the job waits for no longer; their analysis may still end.</summary>
    public int GivenUp { get; init; }

    public int NewlyFlagged { get; init; }

    public int Cleared { get; init; }

    /// <summary>At most <see cref="MostChanges"/>.</summary>
    public ImmutableList<LabelChange> Changes { get; init; } = [];

    /// <summary>How long it has run, pauses left out, up to <see cref="StatusSince"/>.</summary>
    public TimeSpan Ran { get; init; }

    public DateTimeOffset StatusSince { get; init; } = StartedAt;

    public bool HasEnded => Status is JobStatus.Done or JobStatus.Cancelled;

    /// <summary>Time left at the pace so far; null while there is none, or it does not run.</summary>
    public TimeSpan? Left(DateTimeOffset now) =>
        Status == JobStatus.Running && Judged > 0 ? (Ran + (now - StatusSince)) / Judged * Math.Max(0, Total - Judged - GivenUp) : null;
}
