using System.Text.Json.Serialization;

namespace DynaHug.Shared.Work;

/// <summary>What is said to a work queue.</summary>
public static class WorkCommands
{
    /// <summary>Queue a job unless its key is queued or leased already. Answered by <see cref="WorkReplies.Accepted"/> or <see cref="WorkReplies.Full"/>.</summary>
    /// <param name="Trace">Traceparent of the revision it is done for; null where none is kept.</param>
    public sealed record Offer(Job Job, Lane Lane, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trace = null);

    /// <summary>A node has room for one more job; answered by <see cref="WorkReplies.Leased"/> as soon as there is one.</summary>
    /// <param name="Node">Name of the asking slot, unique in the cluster; a new demand replaces the slot's former one.</param>
    public sealed record Demand(string Node);

    /// <summary>The lease is still worked on.</summary>
    /// <param name="Job">What is worked on, so that a queue that has just begun on another node knows it and gives it to nobody else.</param>
    public sealed record Renew(
        long Lease,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Job? Job = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Lane Lane = Lane.Request,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Attempt = 0);

    /// <summary>The result has reached its entity; the lease ends.</summary>
    public sealed record Complete(long Lease);

    /// <summary>The slot goes away without finishing; the job goes back to the head of its lane.</summary>
    public sealed record Release(long Lease);

    /// <summary>What a node's canaries showed last; told again now and then. No answer.</summary>
    /// <param name="Node">Address of the node.</param>
    /// <param name="Problem">Why it takes no work; empty when it does.</param>
    public sealed record ReportCanary(string Node, string Problem, DateTimeOffset At);

    /// <summary>Asks for <see cref="WorkReplies.Figures"/>.</summary>
    public sealed record GetFigures;
}

/// <summary>What a work queue answers.</summary>
public static class WorkReplies
{
    public sealed record Accepted(string JobKey);

    /// <summary>The backlog has reached its bound; offer again later.</summary>
    public sealed record Full(string JobKey);

    /// <param name="Lease">Number to complete or renew with.</param>
    /// <param name="Attempt">1 for the first time this job is leased.</param>
    /// <param name="Lane">Whose work it is.</param>
    /// <param name="Trace">See <see cref="WorkCommands.Offer"/>.</param>
    public sealed record Leased(
        long Lease,
        Job Job,
        int Attempt,
        DateTimeOffset Until,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Lane Lane = Lane.Request,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Trace = null);

    /// <param name="Slots">Slots that have asked for work and are alive.</param>
    /// <param name="Canaries">The last report of each node that loads canaries; null where there is none.</param>
    public sealed record Figures(
        int Waiting, int Leased, int Slots, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<WorkCommands.ReportCanary>? Canaries = null);
}
