using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What the alert budget asks.</summary>
public sealed partial class ReadModelQueries
{
    /// <summary>Flags that are put in order at most; with more in a day the newest are.</summary>
    private const int MostOrdered = 5_000;

    /// <returns>Repos first seen and judged since a moment, how many were flagged since, and those.</returns>
    public async Task<(long New, long Flagged, IReadOnlyList<FlaggedRepo> Repos)> FlagsOfTheDayAsync(DateTimeOffset since, CancellationToken cancel)
    {
        await using var db = database.Open();
        await using var snapshot = await database.BeginReadingAsync(db, cancel);
        var ticks = since.UtcTicks;
        var flagged = db.Repos.Where(row => row.FlaggedAt >= ticks);
        var rows = await flagged.OrderByDescending(row => row.FlaggedAt).ThenBy(row => row.Id).Take(MostOrdered).ToListAsync(cancel);
        return (
            await db.Repos.LongCountAsync(row => row.ObservedAt >= ticks && row.Label != null, cancel),
            rows.Count < MostOrdered ? rows.Count : await flagged.LongCountAsync(cancel),
            [.. rows.Select(FlaggedOf)]);
    }
}
