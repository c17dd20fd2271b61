namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// The third version: loads as the learning part reads them, decisions of every profile that ever scored, and what a candidate profile would change. What was projected before
/// goes, and the journal gives it again with the new tables filled.
/// </summary>
internal static class SchemaStep3
{
    public static readonly string[] Statements =
    [
        .. SchemaStep1.Emptying,
        """
        CREATE TABLE loads (
            environment TEXT NOT NULL, content TEXT NOT NULL, artifact TEXT NOT NULL, format TEXT NOT NULL, size_bytes BIGINT NOT NULL, members INTEGER NOT NULL,
            pickles INTEGER NOT NULL, opcodes INTEGER NOT NULL, storages INTEGER NOT NULL, evidence BOOLEAN NOT NULL, counts TEXT NOT NULL,
            PRIMARY KEY (environment, content))
        """,
        "CREATE INDEX loads_by_artifact ON loads (artifact)",
        "CREATE TABLE decisions (profile TEXT NOT NULL, artifact TEXT NOT NULL, decision TEXT NOT NULL, PRIMARY KEY (profile, artifact))",
        "ALTER TABLE profiles ADD COLUMN activated_at BIGINT",
        "ALTER TABLE profiles ADD COLUMN comparison TEXT",
    ];
}
