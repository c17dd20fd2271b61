using System.Text.Json.Serialization;
using DynaHug.Shared.Hub;

namespace DynaHug.Shared.Monitoring;

public static class MonitorCommands
{
    /// <summary>Asks for <see cref="MonitorReplies.Status"/>.</summary>
    public sealed record GetStatus;

    /// <summary>Something has happened to this repo; look at it now. Takes any number of the same without harm.</summary>
    /// <param name="Hint">What is said to have happened, where the hub itself will only say that it is gone.</param>
    /// <param name="Revision">Commit that somebody asks for: is to be judged too, current or not; null for none.</param>
    public sealed record Refresh(
        RepoId Repo, Availability? Hint = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Revision = null);
}

public static class MonitorReplies
{
    /// <summary>How far the watch over the hub is.</summary>
    /// <param name="Listed">Repos of the current or last walk that reached their entities.</param>
    /// <param name="Skipped">Listed entries that were refused: hostile or broken names.</param>
    /// <param name="WalkFinished">The whole hub has been listed, once at least.</param>
    /// <param name="Problem">Why the hub cannot be listed at the moment; empty when it can.</param>
    public sealed record Status(long Listed, long Skipped, bool WalkFinished, string Problem);
}

/// <summary>What has happened to the watch; the journal. A few events a walk's page and a change, whatever the hub's size.</summary>
public interface IMonitorEvent
{
    DateTimeOffset At { get; }
}

public static class MonitorEvents
{
    /// <summary>A walk over all repos of a query begins.</summary>
    /// <param name="Query">The hub and the query in words; a walk of another one is of no use to it.</param>
    public sealed record WalkStarted(string Query, DateTimeOffset At) : IMonitorEvent;

    /// <summary>All repos of a page have reached their entities.</summary>
    /// <param name="Next">Address of the next page; null on the last one.</param>
    /// <param name="Last">Place of the last repo of the page; null where the hub does not say.</param>
    public sealed record PageListed(
        string? Next, int Repos, DateTimeOffset At, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HubPlace? Last = null) : IMonitorEvent;

    public sealed record WalkFinished(DateTimeOffset At) : IMonitorEvent;

    /// <summary>Everything that changed up to a moment has reached its entity.</summary>
    /// <param name="Until">Newest change seen.</param>
    public sealed record CaughtUp(DateTimeOffset Until, DateTimeOffset At) : IMonitorEvent;
}
