namespace DynaHug.Coordinator.ReadModel;

/// <summary>The fourth version: what people say of flags, what groups them, who did what, and what people have arranged. Projected again from the journal.</summary>
internal static class SchemaStep4
{
    public static readonly string[] Statements =
    [
        .. SchemaStep1.Emptying,
        "DELETE FROM loads",
        "DELETE FROM decisions",
        "ALTER TABLE repos ADD COLUMN case_state TEXT NOT NULL DEFAULT 'new'",
        "ALTER TABLE repos ADD COLUMN payload TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX repos_by_case ON repos (case_state, flagged_at DESC, id) WHERE flagged_at IS NOT NULL",
        "CREATE INDEX repos_by_payload ON repos (payload, flagged_at DESC, id) WHERE flagged_at IS NOT NULL",
        "CREATE INDEX repos_flagged_by_author ON repos (author, flagged_at DESC, id) WHERE flagged_at IS NOT NULL",
        """
        CREATE TABLE reviews (
            journal_offset BIGINT NOT NULL PRIMARY KEY, repo TEXT NOT NULL, revision TEXT NOT NULL, judgement TEXT NOT NULL, note TEXT NOT NULL,
            said_by TEXT NOT NULL, said_at BIGINT NOT NULL)
        """,
        "CREATE INDEX reviews_by_repo ON reviews (repo, journal_offset DESC)",
        """
        CREATE TABLE suppressions (
            artifact TEXT NOT NULL, sign TEXT NOT NULL, repo TEXT NOT NULL, note TEXT NOT NULL, said_by TEXT NOT NULL, said_at BIGINT NOT NULL,
            PRIMARY KEY (artifact, sign))
        """,
        "CREATE INDEX files_by_artifact ON files (artifact)",
        """
        CREATE TABLE audit (
            journal_offset BIGINT NOT NULL PRIMARY KEY, done_at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL)
        """,
        "CREATE INDEX audit_by_actor ON audit (actor, journal_offset DESC)",
        "CREATE INDEX audit_by_action ON audit (action, journal_offset DESC)",
        "CREATE TABLE saved_views (name TEXT NOT NULL PRIMARY KEY, address TEXT NOT NULL, saved_by TEXT NOT NULL)",
    ];
}
