namespace DynaHug.Coordinator.Hosting.Sql;

/// <summary>Statements that lead to the next version of tables: those that both databases understand, then those of one.</summary>
internal sealed record SchemaStep(string[] Both, string[]? Sqlite = null, string[]? Postgres = null)
{
    public IEnumerable<string> For(bool isPostgres) => Both.Concat((isPostgres ? Postgres : Sqlite) ?? []);

    public static implicit operator SchemaStep(string[] both) => new(both);
}
