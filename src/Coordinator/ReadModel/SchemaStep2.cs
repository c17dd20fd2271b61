namespace DynaHug.Coordinator.ReadModel;

/// <summary>The second version: whether a repo can be had from its hub.</summary>
internal static class SchemaStep2
{
    public static readonly string[] Statements = ["ALTER TABLE repos ADD COLUMN availability TEXT NOT NULL DEFAULT 'public'"];
}
