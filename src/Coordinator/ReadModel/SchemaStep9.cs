namespace DynaHug.Coordinator.ReadModel;

/// <summary>The ninth version: revisions that are judged beside the current ones (ADR 0024). They have tables of their own, so that no list, count or training set meets them.</summary>
internal static class SchemaStep9
{
    public static readonly string[] Statements =
    [
        "CREATE TABLE pins (repo TEXT NOT NULL, revision TEXT NOT NULL, touched_at BIGINT NOT NULL, is_open BOOLEAN NOT NULL, PRIMARY KEY (repo, revision))",
        "CREATE INDEX pins_open ON pins (is_open, touched_at)",
        """
        CREATE TABLE pinned_files (
            repo TEXT NOT NULL, revision TEXT NOT NULL, path TEXT NOT NULL, task_cluster TEXT NOT NULL, content TEXT NOT NULL, artifact TEXT,
            scorable_in TEXT NOT NULL, scored_by TEXT NOT NULL, PRIMARY KEY (repo, revision, path))
        """,
        "CREATE INDEX pinned_files_by_profile ON pinned_files (task_cluster, scorable_in, repo, revision)",
        "ALTER TABLE verdicts ADD COLUMN pinned BOOLEAN NOT NULL DEFAULT FALSE",
    ];
}
