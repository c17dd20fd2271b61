using DynaHug.Shared.Hub;

namespace DynaHug.Shared.Jobs;

/// <summary>What the keeper of jobs is told.</summary>
public static class JobCommands
{
    /// <summary>Begin a bulk rescan. Answered by <see cref="JobReplies.Recorded"/> or <see cref="JobReplies.Refused"/>.</summary>
    /// <param name="Environment">The newest environment.</param>
    /// <param name="Total">Repos in the scope.</param>
    public sealed record Start(JobScope Scope, string Environment, int Total, string By);

    /// <summary>Pause, go on or cancel. What was sent before is analysed to the end.</summary>
    public sealed record SetStatus(int Id, JobStatus Status, string By);

    /// <summary>Asks for <see cref="JobReplies.All"/>.</summary>
    public sealed record GetAll;
}

/// <summary>What has happened to jobs; the journal.</summary>
public interface IJobEvent
{
    int Id { get; }

    DateTimeOffset At { get; }
}

public static class JobEvents
{
    public sealed record Started(int Id, JobScope Scope, string Environment, int Total, string By, DateTimeOffset At) : IJobEvent;

    /// <summary>Repos are sent on their rescan.</summary>
    public sealed record Sent(int Id, IReadOnlyList<SentRepo> Repos, DateTimeOffset At) : IJobEvent;

    /// <summary>Repos are judged anew, or waited for no longer.</summary>
    public sealed record CameBack(int Id, IReadOnlyList<JudgedRepo> Judged, IReadOnlyList<RepoId> GivenUp, DateTimeOffset At) : IJobEvent;

    /// <param name="By">Who said so; empty for the job itself.</param>
    public sealed record StatusChanged(int Id, JobStatus Status, string By, DateTimeOffset At) : IJobEvent;
}

public static class JobReplies
{
    /// <summary>The command's effect is in the journal (or was before).</summary>
    public sealed record Recorded(int Id);

    /// <summary>The command makes no sense now; nothing was stored.</summary>
    public sealed record Refused(string Reason);

    /// <param name="Jobs">The newest first.</param>
    public sealed record All(IReadOnlyList<JobFigures> Jobs);
}
