namespace DynaHug.Coordinator.ReadModel;

/// <summary>The seventh version: the place of repos in a walk over the hub, so that it notices which are gone, and which contents are still to be analysed whole.</summary>
internal static class SchemaStep7
{
    public static readonly string[] Statements =
    [
        "ALTER TABLE repos ADD COLUMN created_at BIGINT",
        "ALTER TABLE repos ADD COLUMN hub_key TEXT",
        "CREATE INDEX repos_by_place ON repos (created_at, hub_key)",
        "ALTER TABLE artifacts ADD COLUMN recheck BOOLEAN NOT NULL DEFAULT FALSE",
    ];
}
