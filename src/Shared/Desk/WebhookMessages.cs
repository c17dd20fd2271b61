using System.Text.Json.Serialization;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Reviews;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Shared.Desk;

/// <summary>How a notification is written.</summary>
public enum WebhookBody
{
    /// <summary>The flagged repo as the API gives it.</summary>
    [JsonStringEnumMemberName("json")] Json,

    /// <summary>What Slack's incoming webhooks take, and others after them: a text.</summary>
    [JsonStringEnumMemberName("slack")] Slack,
}

/// <summary>Who is told of what.</summary>
/// <param name="Id">Also the salt of its secret; see the node's signing key.</param>
/// <param name="Least">Least label that is told of.</param>
/// <param name="TaskCluster">Only repos of this one; null for all.</param>
public sealed record Webhook(string Id, string Address, WebhookBody Body, Label Least, string? TaskCluster);

public static class WebhookCommands
{
    public sealed record Set(Webhook Webhook, string By) : IForDesk;

    public sealed record Remove(string Id, string By) : IForDesk;

    /// <summary>Everything flagged up to a moment was sent, or given up.</summary>
    public sealed record RecordReached(string Id, DateTimeOffset Until) : IForDesk;

    /// <summary>A notification was given up.</summary>
    public sealed record RecordFailure(string Id, RepoId Repo, string Revision, string Reason) : IForDesk;

    /// <summary>A failed notification was sent after all, or is wanted no more.</summary>
    public sealed record Settle(string Id, RepoId Repo, string By) : IForDesk;
}

public static class WebhookEvents
{
    public sealed record WasSet(Webhook Webhook, string By, DateTimeOffset At) : IDeskEvent, IAudited
    {
        public AuditLine Describe() => new("set-webhook", Webhook.Id, $"{Webhook.Address}, {Webhook.Body.Name()}, from {Webhook.Least.Name()}");
    }

    public sealed record Removed(string Id, string By, DateTimeOffset At) : IDeskEvent, IAudited
    {
        public AuditLine Describe() => new("removed-webhook", Id, "");
    }

    public sealed record Reached(string Id, DateTimeOffset Until, DateTimeOffset At) : IDeskEvent;

    public sealed record Failed(string Id, RepoId Repo, string Revision, string Reason, DateTimeOffset At) : IDeskEvent;

    public sealed record Settled(string Id, RepoId Repo, string By, DateTimeOffset At) : IDeskEvent, IAudited
    {
        public AuditLine Describe() => new("settled-notification", $"{Repo} to {Id}", "");
    }
}
