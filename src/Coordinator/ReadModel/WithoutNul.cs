using System.Data.Common;
using LinqToDB;
using LinqToDB.Interceptors;
using LinqToDB.Mapping;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// PostgreSQL has no text with a NUL in it (documentation, 8.3 Character Types), and a hub's names may: without this, one such name would hold up the projection for good. Parameters are
/// changed when a command is ready and literals when they are written; a converter of linq2db for all text would do both, and have every query that compares text compiled anew,
/// which costs 13 ms each time.
/// </summary>
internal sealed class WithoutNul : CommandInterceptor
{
    private const char Nul = '\0';
    private const char Replacement = '\uFFFD';

    public static DataOptions In(DataOptions options)
    {
        var literals = new MappingSchema();
        literals.SetValueToSqlConverter(typeof(string), (sql, _, text) => sql.Append('\'').Append(Of((string)text).Replace("'", "''", StringComparison.Ordinal)).Append('\''));
        return options.UseMappingSchema(literals).UseInterceptor(new WithoutNul());
    }

    public override DbCommand CommandInitialized(CommandEventData eventData, DbCommand command)
    {
        foreach (DbParameter parameter in command.Parameters)
        {
            if (parameter.Value is string text)
            {
                parameter.Value = Of(text);
            }
        }

        return command;
    }

    private static string Of(string text) => text.Replace(Nul, Replacement);
}
