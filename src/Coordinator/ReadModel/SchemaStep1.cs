namespace DynaHug.Coordinator.ReadModel;

/// <summary>The first version of the tables; see Rows.cs for what the columns hold.</summary>
internal static class SchemaStep1
{
    /// <summary>For the steps up to the sixth, which still have these tables: empties them, and the journal fills them again.</summary>
    public static readonly string[] Emptying =
    [
        "DELETE FROM projections",
        "DELETE FROM repos",
        "DELETE FROM files",
        "DELETE FROM artifacts",
        "DELETE FROM sources",
        "DELETE FROM verdicts",
        "DELETE FROM repo_indicators",
        "DELETE FROM profiles",
        "DELETE FROM environments",
        "DELETE FROM tallies",
    ];

    public static readonly string[] Statements =
    [
        "CREATE TABLE projections (name TEXT NOT NULL PRIMARY KEY, journal_offset BIGINT NOT NULL)",
        """
        CREATE TABLE repos (
            id TEXT NOT NULL PRIMARY KEY, author TEXT NOT NULL, task_cluster TEXT NOT NULL, pipeline_tag TEXT, library TEXT,
            likes BIGINT NOT NULL, downloads BIGINT NOT NULL, last_modified BIGINT NOT NULL, gated BOOLEAN NOT NULL, hub_scan TEXT,
            revision TEXT NOT NULL, left_out INTEGER NOT NULL, observed_at BIGINT NOT NULL, touched_at BIGINT NOT NULL,
            label INTEGER, score DOUBLE PRECISION NOT NULL, provisional BOOLEAN NOT NULL, reasons TEXT NOT NULL,
            judged_at BIGINT, flagged_at BIGINT, evidence BOOLEAN NOT NULL)
        """,
        "CREATE INDEX repos_by_likes ON repos (likes DESC, id)",
        "CREATE INDEX repos_by_cluster ON repos (task_cluster, likes DESC, id)",
        "CREATE INDEX repos_by_label ON repos (label, likes DESC, id)",
        "CREATE INDEX repos_open ON repos (touched_at) WHERE label IS NULL",
        "CREATE INDEX repos_flagged ON repos (flagged_at DESC, id) WHERE flagged_at IS NOT NULL",
        """
        CREATE TABLE files (
            repo TEXT NOT NULL, path TEXT NOT NULL, task_cluster TEXT NOT NULL, size_bytes BIGINT NOT NULL, content TEXT NOT NULL,
            artifact TEXT, outcome TEXT NOT NULL, label INTEGER, score DOUBLE PRECISION NOT NULL, scorable_in TEXT NOT NULL,
            scored_by TEXT NOT NULL, verdict TEXT, PRIMARY KEY (repo, path))
        """,
        "CREATE INDEX files_by_content ON files (content)",
        "CREATE INDEX files_by_outcome ON files (outcome, repo)",
        "CREATE INDEX files_flagged ON files (repo, path) WHERE label >= 2",
        "CREATE INDEX files_by_profile ON files (task_cluster, scorable_in, scored_by, repo)",
        """
        CREATE TABLE artifacts (
            content TEXT NOT NULL PRIMARY KEY, sha256 TEXT, fetched BOOLEAN NOT NULL, is_open BOOLEAN NOT NULL, failures INTEGER NOT NULL,
            touched_at BIGINT NOT NULL, outcome TEXT NOT NULL, scorable_in TEXT NOT NULL, evidence BOOLEAN NOT NULL, analysis TEXT)
        """,
        "CREATE INDEX artifacts_open ON artifacts (is_open, touched_at)",
        "CREATE TABLE sources (content TEXT NOT NULL, repo TEXT NOT NULL, refused BOOLEAN NOT NULL, PRIMARY KEY (content, repo))",
        """
        CREATE TABLE verdicts (
            journal_offset BIGINT NOT NULL PRIMARY KEY, repo TEXT NOT NULL, revision TEXT NOT NULL, reached_at BIGINT NOT NULL,
            label INTEGER NOT NULL, score DOUBLE PRECISION NOT NULL, task_cluster TEXT NOT NULL, provisional BOOLEAN NOT NULL,
            reasons TEXT NOT NULL, profiles TEXT NOT NULL, environments TEXT NOT NULL)
        """,
        "CREATE INDEX verdicts_by_repo ON verdicts (repo, journal_offset DESC)",
        "CREATE INDEX verdicts_by_time ON verdicts (reached_at)",
        "CREATE TABLE repo_indicators (repo TEXT NOT NULL, indicator TEXT NOT NULL, PRIMARY KEY (repo, indicator))",
        "CREATE INDEX repo_indicators_by_indicator ON repo_indicators (indicator, repo)",
        """
        CREATE TABLE profiles (
            task_cluster TEXT NOT NULL, environment TEXT NOT NULL, version INTEGER NOT NULL, blob TEXT NOT NULL, detector TEXT NOT NULL,
            training_loads INTEGER NOT NULL, false_alarm_rate DOUBLE PRECISION NOT NULL, recall DOUBLE PRECISION NOT NULL,
            fitted_at BIGINT NOT NULL, active BOOLEAN NOT NULL, PRIMARY KEY (task_cluster, environment, version))
        """,
        "CREATE TABLE environments (id TEXT NOT NULL PRIMARY KEY, first_seen BIGINT NOT NULL)",
        """
        CREATE TABLE tallies (
            kind TEXT NOT NULL, task_cluster TEXT NOT NULL, item TEXT NOT NULL, amount BIGINT NOT NULL, PRIMARY KEY (kind, task_cluster, item))
        """,
    ];
}
