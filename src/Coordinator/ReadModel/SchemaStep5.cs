namespace DynaHug.Coordinator.ReadModel;

/// <summary>The fifth version: who may come in.</summary>
internal static class SchemaStep5
{
    public static readonly string[] Statements =
    [
        "CREATE TABLE accounts (name TEXT NOT NULL PRIMARY KEY, password_hash TEXT NOT NULL, role TEXT NOT NULL)",
        """
        CREATE TABLE api_keys (
            id TEXT NOT NULL PRIMARY KEY, secret_hash TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, expires_at BIGINT NOT NULL, revoked BOOLEAN NOT NULL)
        """,
    ];
}
