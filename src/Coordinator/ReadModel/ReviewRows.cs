using LinqToDB.Mapping;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A person's word on a revision: a judgement, or a note where that is empty.</summary>
[Table("reviews")]
internal sealed record ReviewRow
{
    [Column("journal_offset"), PrimaryKey] public long JournalOffset { get; init; }

    [Column("repo")] public string Repo { get; init; } = "";

    [Column("revision")] public string Revision { get; init; } = "";

    /// <summary>Kebab-case judgement; empty for a note.</summary>
    [Column("judgement")] public string Judgement { get; init; } = "";

    [Column("note")] public string Note { get; init; } = "";

    [Column("said_by")] public string By { get; init; } = "";

    [Column("said_at")] public long At { get; init; }
}

/// <summary>A sign that is flagged no more for a content.</summary>
[Table("suppressions")]
internal sealed record SuppressionRow
{
    [Column("artifact"), PrimaryKey(0)] public string Artifact { get; init; } = "";

    [Column("sign"), PrimaryKey(1)] public string Sign { get; init; } = "";

    /// <summary>Where it was when somebody suppressed it.</summary>
    [Column("repo")] public string Repo { get; init; } = "";

    [Column("note")] public string Note { get; init; } = "";

    [Column("said_by")] public string By { get; init; } = "";

    [Column("said_at")] public long At { get; init; }
}

[Table("audit")]
internal sealed record AuditRow
{
    [Column("journal_offset"), PrimaryKey] public long JournalOffset { get; init; }

    [Column("done_at")] public long At { get; init; }

    [Column("actor")] public string By { get; init; } = "";

    [Column("action")] public string Action { get; init; } = "";

    [Column("subject")] public string Subject { get; init; } = "";

    [Column("detail")] public string Detail { get; init; } = "";
}

[Table("saved_views")]
internal sealed record SavedViewRow
{
    [Column("name"), PrimaryKey] public string Name { get; init; } = "";

    [Column("address")] public string Address { get; init; } = "";

    [Column("saved_by")] public string By { get; init; } = "";
}
