namespace DynaHug.Coordinator.ReadModel;

/// <summary>The sixth version: who is told of flags, and what could not be told.</summary>
internal static class SchemaStep6
{
    public static readonly string[] Statements =
    [
        """
        CREATE TABLE webhooks (
            id TEXT NOT NULL PRIMARY KEY, address TEXT NOT NULL, body TEXT NOT NULL, least INTEGER NOT NULL, task_cluster TEXT, reached_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE dead_letters (
            webhook TEXT NOT NULL, repo TEXT NOT NULL, revision TEXT NOT NULL, reason TEXT NOT NULL, failed_at BIGINT NOT NULL, PRIMARY KEY (webhook, repo))
        """,
    ];
}
