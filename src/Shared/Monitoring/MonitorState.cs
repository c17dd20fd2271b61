using System.Text.Json.Serialization;
using DynaHug.Shared.Hub;

namespace DynaHug.Shared.Monitoring;

/// <summary>
/// How far the watch over a hub is: where its walk over everything goes on, and up to when changes are known. A walk takes hours, so changes
/// are followed from the moment it started: what jumps ahead of its cursor meanwhile has changed since then.
/// </summary>
public sealed record MonitorState
{
    /// <summary>The hub and the query that is walked; empty before the first walk.</summary>
    public string Query { get; init; } = "";

    /// <summary>Where the walk goes on; null at its start, or when it is over.</summary>
    public string? NextPage { get; init; }

    /// <summary>Repos of the walk that reached their entities.</summary>
    public long Listed { get; init; }

    public bool WalkFinished { get; init; }

    /// <summary>An earlier walk has come to its end: this one is a repetition.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WalkedBefore { get; init; }

    /// <summary>When the current or last walk began; null where that was not kept yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? WalkStartedAt { get; init; }

    /// <summary>Place of the last repo that the walk has gone over. Null at its start, or where the hub does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HubPlace? Reached { get; init; }

    /// <summary>All changes before this have reached their entities; the start of the walk while it has caught none.</summary>
    public DateTimeOffset KnownUntil { get; init; }

    public MonitorState Apply(IMonitorEvent e) => e switch
    {
        // A walk that is repeated forgets nothing of the changes that were followed meanwhile.
        MonitorEvents.WalkStarted started when started.Query == Query =>
            new MonitorState { Query = Query, WalkStartedAt = started.At, WalkedBefore = WalkedBefore || WalkFinished, KnownUntil = KnownUntil },
        MonitorEvents.WalkStarted started => new MonitorState { Query = started.Query, WalkStartedAt = started.At, KnownUntil = started.At },
        MonitorEvents.PageListed listed => this with { NextPage = listed.Next, Listed = Listed + listed.Repos, Reached = listed.Last },
        MonitorEvents.WalkFinished => this with { NextPage = null, WalkFinished = true, Reached = null },
        MonitorEvents.CaughtUp caught => this with { KnownUntil = caught.Until > KnownUntil ? caught.Until : KnownUntil },
        _ => this,
    };
}
