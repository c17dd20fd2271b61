using System.Linq.Expressions;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Many rows in few statements: each statement costs a way to the database and back, whatever it holds.</summary>
internal static class Replacing
{
    /// <summary>Rows read or written by one statement.</summary>
    public const int AtATime = 500;

    /// <summary>Puts rows in the place of those with the same keys.</summary>
    /// <param name="same">Which rows of the table have keys of these; those that it finds beyond them are gone afterwards.</param>
    public static async Task ReplaceAsync<TRow>(this ITable<TRow> table, IEnumerable<TRow> rows, Func<TRow[], Expression<Func<TRow, bool>>> same, CancellationToken cancel)
        where TRow : class
    {
        foreach (var some in rows.Chunk(AtATime))
        {
            await table.DeleteAsync(same(some), cancel);
            await table.BulkCopyAsync(some, cancel);
        }
    }
}
