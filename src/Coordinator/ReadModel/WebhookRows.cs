using LinqToDB.Mapping;

namespace DynaHug.Coordinator.ReadModel;

[Table("webhooks")]
internal sealed record WebhookRow
{
    [Column("id"), PrimaryKey] public string Id { get; init; } = "";

    [Column("address")] public string Address { get; init; } = "";

    /// <summary>Kebab-case; see <see cref="Shared.Desk.WebhookBody"/>.</summary>
    [Column("body")] public string Body { get; init; } = "";

    [Column("least")] public int Least { get; init; }

    [Column("task_cluster")] public string? TaskCluster { get; init; }

    /// <summary>Everything flagged up to here was sent.</summary>
    [Column("reached_at")] public long ReachedAt { get; init; }
}

/// <summary>A notification that its receiver did not take.</summary>
[Table("dead_letters")]
internal sealed record DeadLetterRow
{
    [Column("webhook"), PrimaryKey(0)] public string Webhook { get; init; } = "";

    [Column("repo"), PrimaryKey(1)] public string Repo { get; init; } = "";

    [Column("revision")] public string Revision { get; init; } = "";

    [Column("reason")] public string Reason { get; init; } = "";

    [Column("failed_at")] public long FailedAt { get; init; }
}
