namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// The eighth version: what a list is filtered by lies in the index that the list is read along, so that also a filter that nothing fits reads no row (ADR 0020).
/// What repos show of their files, outcomes and indicators, is one table in the two orders that lists have.
/// </summary>
internal static class SchemaStep8
{
    public static readonly string[] Statements =
    [
        """
        CREATE TABLE repo_facets (
            repo TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL, likes BIGINT NOT NULL, flagged_at BIGINT, PRIMARY KEY (repo, kind, item))
        """,
        """
        INSERT INTO repo_facets (repo, kind, item, likes, flagged_at)
        SELECT repos.id, 'indicator', repo_indicators.indicator, repos.likes, repos.flagged_at FROM repo_indicators JOIN repos ON repos.id = repo_indicators.repo
        """,
        """
        INSERT INTO repo_facets (repo, kind, item, likes, flagged_at)
        SELECT DISTINCT repos.id, 'outcome', files.outcome, repos.likes, repos.flagged_at FROM files JOIN repos ON repos.id = files.repo WHERE files.outcome <> ''
        """,
        "DROP TABLE repo_indicators",
        "CREATE INDEX repo_facets_by_likes ON repo_facets (kind, item, likes DESC, repo)",
        "CREATE INDEX repo_facets_by_flag ON repo_facets (kind, item, flagged_at DESC, repo) WHERE flagged_at IS NOT NULL",
        "DROP INDEX repos_flagged",
        "DROP INDEX repos_by_case",
        "DROP INDEX repos_by_payload",
        "DROP INDEX repos_flagged_by_author",
        "CREATE INDEX repos_flagged ON repos (flagged_at DESC, id, case_state, label, task_cluster, author, payload, score, likes) WHERE flagged_at IS NOT NULL",
        "DROP INDEX repos_by_likes",
        "DROP INDEX repos_by_label",
        "DROP INDEX repos_by_cluster",
        "CREATE INDEX repos_by_likes ON repos (likes DESC, id, label, task_cluster, author, score)",
        "CREATE INDEX repos_by_label ON repos (label, likes DESC, id, task_cluster, author, score)",
        "CREATE INDEX repos_by_cluster ON repos (task_cluster, likes DESC, id, label, author, score)",
        "CREATE INDEX repos_by_author ON repos (author, likes DESC, id)",
        "CREATE INDEX repos_judged_by_observation ON repos (observed_at) WHERE label IS NOT NULL",
    ];
}
