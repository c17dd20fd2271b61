using DynaHug.Shared.Artifacts;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What may be deleted from the blob store.</summary>
public sealed partial class ReadModelQueries
{
    /// <summary>Whether a stored content is one that was fetched and whose every analysis has ended, that of the whole too where one is to come: nothing needs its bytes any more.</summary>
    public async Task<bool> IsDoneWithAsync(Sha256 artifact, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        var (whole, program) = (ContentKey.Of(artifact).Value, ContentKey.OfProgram(artifact).Value);
        await using var db = database.Open();
        var rows = await db.Artifacts
            .Where(row => row.Content == whole || row.Content == program)
            .Select(row => row.Analysis != null && !row.Recheck)
            .ToListAsync(cancel);
        return rows.Count > 0 && rows.TrueForAll(analysed => analysed);
    }
}
