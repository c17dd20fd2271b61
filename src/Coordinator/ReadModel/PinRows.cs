using LinqToDB.Mapping;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A revision that is judged beside the repo's current one.</summary>
[Table("pins")]
internal sealed record PinRow
{
    [Column("repo"), PrimaryKey(0)] public string Repo { get; init; } = "";

    [Column("revision"), PrimaryKey(1)] public string Revision { get; init; } = "";

    [Column("touched_at")] public long TouchedAt { get; init; }

    /// <summary>It has no verdict yet.</summary>
    [Column("is_open")] public bool Open { get; init; }
}

/// <summary>A file of a pinned revision: what a later profile needs to score it.</summary>
[Table("pinned_files")]
internal sealed record PinnedFileRow
{
    [Column("repo"), PrimaryKey(0)] public string Repo { get; init; } = "";

    [Column("revision"), PrimaryKey(1)] public string Revision { get; init; } = "";

    [Column("path"), PrimaryKey(2)] public string Path { get; init; } = "";

    [Column("task_cluster")] public string TaskCluster { get; init; } = "";

    [Column("content")] public string Content { get; init; } = "";

    [Column("artifact")] public string? Artifact { get; init; }

    /// <summary>See <see cref="FileRow.ScorableIn"/>.</summary>
    [Column("scorable_in")] public string ScorableIn { get; init; } = "";

    /// <summary>See <see cref="FileRow.ScoredBy"/>.</summary>
    [Column("scored_by")] public string ScoredBy { get; init; } = "";
}
