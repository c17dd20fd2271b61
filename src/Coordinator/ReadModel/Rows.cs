using LinqToDB.Mapping;

namespace DynaHug.Coordinator.ReadModel;

// One record type a table, in the order of ReadModelSchema. Moments are UTC ticks (100 ns), so that they compare and index alike on
// every database; lists and verdicts that no query looks into are JSON in the wire format.

/// <summary>How far a projection has read the journal.</summary>
[Table("projections")]
internal sealed record ProjectionRow
{
    [Column("name"), PrimaryKey] public string Name { get; init; } = "";

    [Column("journal_offset")] public long JournalOffset { get; init; }
}

/// <summary>A repo at its current revision. <see cref="Label"/> is null while the revision has no verdict.</summary>
[Table("repos")]
internal sealed record RepoRow
{
    [Column("id"), PrimaryKey] public string Id { get; init; } = "";

    [Column("author")] public string Author { get; init; } = "";

    [Column("task_cluster")] public string TaskCluster { get; init; } = "";

    [Column("pipeline_tag")] public string? PipelineTag { get; init; }

    [Column("library")] public string? Library { get; init; }

    [Column("likes")] public long Likes { get; init; }

    [Column("downloads")] public long Downloads { get; init; }

    [Column("last_modified")] public long LastModified { get; init; }

    /// <summary>Null where the hub does not say.</summary>
    [Column("created_at")] public long? CreatedAt { get; init; }

    /// <summary>See <see cref="Shared.Hub.HubPlace.Key"/>.</summary>
    [Column("hub_key")] public string? HubKey { get; init; }

    [Column("gated")] public bool Gated { get; init; }

    [Column("hub_scan")] public string? HubScan { get; init; }

    /// <summary>See <see cref="Shared.Hub.Availability"/>; kebab-case.</summary>
    [Column("availability")] public string Availability { get; init; } = "public";

    [Column("revision")] public string Revision { get; init; } = "";

    [Column("left_out")] public int LeftOut { get; init; }

    [Column("observed_at")] public long ObservedAt { get; init; }

    [Column("touched_at")] public long TouchedAt { get; init; }

    [Column("label")] public int? Label { get; init; }

    [Column("score")] public double Score { get; init; }

    [Column("provisional")] public bool Provisional { get; init; }

    [Column("reasons")] public string Reasons { get; init; } = "[]";

    [Column("judged_at")] public long? JudgedAt { get; init; }

    /// <summary>When the current revision was first given this label or a graver one; null while it is not flagged.</summary>
    [Column("flagged_at")] public long? FlaggedAt { get; init; }

    /// <summary>See <see cref="ReadModel.CaseState"/>; of no meaning while it is not flagged.</summary>
    [Column("case_state")] public string CaseState { get; init; } = ReadModel.CaseState.New;

    /// <summary>See <see cref="Shared.Verdicts.FlagSigns.PayloadOf"/>; empty while it is not flagged.</summary>
    [Column("payload")] public string Payload { get; init; } = "";

    /// <summary>How its files ended, see <see cref="Stored.Joined"/>.</summary>
    [Column("outcomes")] public string Outcomes { get; init; } = "";

    /// <summary>Ids of the indicators that its files show, see <see cref="Stored.Joined"/>.</summary>
    [Column("indicators")] public string Indicators { get; init; } = "";

    /// <summary>An indicator or a dangerous static finding speaks against a file: no example of benign behaviour.</summary>
    [Column("evidence")] public bool Evidence { get; init; }
}

/// <summary>A file of a repo's current revision. The path is empty for a revision whose file list could not be read.</summary>
[Table("files")]
internal sealed record FileRow
{
    [Column("repo"), PrimaryKey(0)] public string Repo { get; init; } = "";

    [Column("path"), PrimaryKey(1)] public string Path { get; init; } = "";

    [Column("task_cluster")] public string TaskCluster { get; init; } = "";

    [Column("size_bytes")] public long Size { get; init; }

    [Column("content")] public string Content { get; init; } = "";

    [Column("artifact")] public string? Artifact { get; init; }

    /// <summary>Kebab-case outcome; empty while the file is not analysed.</summary>
    [Column("outcome")] public string Outcome { get; init; } = "";

    [Column("label")] public int? Label { get; init; }

    [Column("score")] public double Score { get; init; }

    /// <summary>Environment of a trace that a profile can score; empty where there is none.</summary>
    [Column("scorable_in")] public string ScorableIn { get; init; } = "";

    /// <summary>Id of the profile that scored it; empty where none has.</summary>
    [Column("scored_by")] public string ScoredBy { get; init; } = "";

    [Column("verdict")] public string? Verdict { get; init; }
}

/// <summary>A content, by its key: sha256, or git hash for what turned out to be another row's content.</summary>
[Table("artifacts")]
internal sealed record ArtifactRow
{
    [Column("content"), PrimaryKey] public string Content { get; init; } = "";

    [Column("sha256")] public string? Sha256 { get; init; }

    [Column("fetched")] public bool Fetched { get; init; }

    /// <summary>Work is owed to it: not analysed, or to be analysed whole as well, and its bytes are here or some repo may still give them.</summary>
    [Column("is_open")] public bool Open { get; init; }

    [Column("failures")] public int Failures { get; init; }

    [Column("touched_at")] public long TouchedAt { get; init; }

    [Column("outcome")] public string Outcome { get; init; } = "";

    /// <summary>See <see cref="FileRow.ScorableIn"/>.</summary>
    [Column("scorable_in")] public string ScorableIn { get; init; } = "";

    /// <summary>An indicator or a dangerous static finding.</summary>
    [Column("evidence")] public bool Evidence { get; init; }

    [Column("analysis")] public string? Analysis { get; init; }

    /// <summary>Analysed by what was read in part, and still to be analysed whole.</summary>
    [Column("recheck")] public bool Recheck { get; init; }
}

/// <summary>A repo that has asked for a content, and whether it has refused to give it.</summary>
[Table("sources")]
internal sealed record SourceRow
{
    [Column("content"), PrimaryKey(0)] public string Content { get; init; } = "";

    [Column("repo"), PrimaryKey(1)] public string Repo { get; init; } = "";

    [Column("refused")] public bool Refused { get; init; }
}

/// <summary>Every verdict ever reached.</summary>
[Table("verdicts")]
internal sealed record VerdictRow
{
    [Column("journal_offset"), PrimaryKey] public long JournalOffset { get; init; }

    [Column("repo")] public string Repo { get; init; } = "";

    [Column("revision")] public string Revision { get; init; } = "";

    [Column("reached_at")] public long ReachedAt { get; init; }

    [Column("label")] public int Label { get; init; }

    [Column("score")] public double Score { get; init; }

    [Column("task_cluster")] public string TaskCluster { get; init; } = "";

    [Column("provisional")] public bool Provisional { get; init; }

    [Column("reasons")] public string Reasons { get; init; } = "[]";

    /// <summary>Ids of the profiles that scored files of the revision, separated by spaces.</summary>
    [Column("profiles")] public string Profiles { get; init; } = "";

    [Column("environments")] public string Environments { get; init; } = "";

    /// <summary>On a revision that was pinned then, not on the repo's current one.</summary>
    [Column("pinned")] public bool Pinned { get; init; }
}

/// <summary>Something that a repo shows of its files, as its own row does too, so that the few that show something rare are found.</summary>
[Table("repo_facets")]
internal sealed record FacetRow
{
    [Column("repo"), PrimaryKey(0)] public string Repo { get; init; } = "";

    /// <summary>See <see cref="FacetKind"/>.</summary>
    [Column("kind"), PrimaryKey(1)] public string Kind { get; init; } = "";

    [Column("item"), PrimaryKey(2)] public string Item { get; init; } = "";
}

[Table("profiles")]
internal sealed record ProfileRow
{
    [Column("task_cluster"), PrimaryKey(0)] public string TaskCluster { get; init; } = "";

    [Column("environment"), PrimaryKey(1)] public string Environment { get; init; } = "";

    [Column("version"), PrimaryKey(2)] public int Version { get; init; }

    [Column("blob")] public string Blob { get; init; } = "";

    [Column("detector")] public string Detector { get; init; } = "";

    [Column("training_loads")] public int TrainingLoads { get; init; }

    [Column("false_alarm_rate")] public double FalseAlarmRate { get; init; }

    [Column("recall")] public double Recall { get; init; }

    [Column("fitted_at")] public long FittedAt { get; init; }

    [Column("active")] public bool Active { get; init; }

    /// <summary>When it was last made the active one; null for a candidate that never was.</summary>
    [Column("activated_at")] public long? ActivatedAt { get; init; }

    /// <summary>A <see cref="Shared.Profiles.ProfileComparison"/> as JSON, or null where there is none.</summary>
    [Column("comparison")] public string? Comparison { get; init; }
}

[Table("environments")]
internal sealed record EnvironmentRow
{
    [Column("id"), PrimaryKey] public string Id { get; init; } = "";

    [Column("first_seen")] public long FirstSeen { get; init; }
}

/// <summary>A running count, so that no page has to count rows.</summary>
[Table("tallies")]
internal sealed record TallyRow
{
    /// <summary>See <see cref="TallyKind"/>.</summary>
    [Column("kind"), PrimaryKey(0)] public string Kind { get; init; } = "";

    [Column("task_cluster"), PrimaryKey(1)] public string TaskCluster { get; init; } = "";

    [Column("item"), PrimaryKey(2)] public string Item { get; init; } = "";

    [Column("amount")] public long Amount { get; init; }
}
