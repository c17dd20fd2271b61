using DynaHug.Coordinator.Hosting.Sql;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// The tenth version: what repos show of their files lies in the indexes of lists as well, so that no combination of filters looks at rows; facets are for finding the few
/// that show something rare, as are the indexes of scores and of parts of names (ADR 0020).
/// </summary>
internal static class SchemaStep10
{
    public static readonly SchemaStep Step = new(
        [
            "DROP INDEX repos_flagged",
            "DROP INDEX repos_by_likes",
            "DROP INDEX repos_by_label",
            "DROP INDEX repos_by_cluster",
            "ALTER TABLE repos ADD COLUMN outcomes TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE repos ADD COLUMN indicators TEXT NOT NULL DEFAULT ''",
            $"""
            UPDATE repos SET
                outcomes = COALESCE((SELECT '{Stored.EndOfLine}' || string_agg(item, '{Stored.EndOfLine}' ORDER BY item) || '{Stored.EndOfLine}' FROM repo_facets WHERE repo = repos.id AND kind = 'outcome'), ''),
                indicators = COALESCE((SELECT '{Stored.EndOfLine}' || string_agg(item, '{Stored.EndOfLine}' ORDER BY item) || '{Stored.EndOfLine}' FROM repo_facets WHERE repo = repos.id AND kind = 'indicator'), '')
            """,
            "CREATE INDEX repos_flagged ON repos (flagged_at DESC, id, case_state, label, task_cluster, author, payload, score, likes, outcomes, indicators) WHERE flagged_at IS NOT NULL",
            "CREATE INDEX repos_by_likes ON repos (likes DESC, id, label, task_cluster, author, score, outcomes, indicators)",
            "CREATE INDEX repos_by_label ON repos (label, likes DESC, id, task_cluster, author, score, outcomes, indicators)",
            "CREATE INDEX repos_by_cluster ON repos (task_cluster, likes DESC, id, label, author, score, outcomes, indicators)",
            "CREATE INDEX repos_by_score ON repos (score DESC, id)",
            "DROP INDEX repos_judged_by_observation",
            "CREATE INDEX repos_judged_by_observation ON repos (observed_at, label) WHERE label IS NOT NULL",
            "DROP INDEX repo_facets_by_likes",
            "DROP INDEX repo_facets_by_flag",
            "ALTER TABLE repo_facets DROP COLUMN likes",
            "ALTER TABLE repo_facets DROP COLUMN flagged_at",
            "CREATE INDEX repo_facets_by_item ON repo_facets (kind, item, repo)",
            "CREATE INDEX audit_by_actor_and_action ON audit (actor, action, journal_offset DESC)",
        ],
        Sqlite:
        [
            "CREATE VIRTUAL TABLE repo_names USING fts5(id, tokenize = 'trigram')",
            "INSERT INTO repo_names (id) SELECT id FROM repos",
        ],
        Postgres:
        [
            // Part of every distribution, and any owner of a database may add it; where neither holds, names are searched without it.
            """
            DO $$ BEGIN
                CREATE EXTENSION IF NOT EXISTS pg_trgm;
                CREATE INDEX repos_by_name ON repos USING gin (lower(id) gin_trgm_ops);
            EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
                RAISE NOTICE 'names are searched without an index: the extension pg_trgm cannot be had';
            END $$
            """,
        ]);
}
