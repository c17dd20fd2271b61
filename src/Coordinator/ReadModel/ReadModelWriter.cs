using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Reviews;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// Turns journal events into rows. A batch and the offset it ends at are stored in one transaction, so that an event that comes twice,
/// or a crash at any moment, changes nothing. Used by one projection at a time.
/// </summary>
public sealed class ReadModelWriter(ReadModelDatabase database)
{
    /// <summary>Offset of the last event that is in the read model; 0 before the first.</summary>
    public async Task<long> ReadOffsetAsync(string name, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await OffsetAsync(db, name, cancel);
    }

    /// <summary>Applies events in journal order. Those up to the stored offset are passed over, unknown ones count as read.</summary>
    public async Task ApplyAsync(string name, IReadOnlyList<(long Offset, object Event)> events, CancellationToken cancel)
    {
        await using var db = database.Open();
        await using var transaction = await database.BeginWritingAsync(db, cancel);
        var last = await OffsetAsync(db, name, cancel);
        var fresh = events.Where(numbered => numbered.Offset > last).DistinctBy(numbered => numbered.Offset).OrderBy(numbered => numbered.Offset).ToList();
        if (fresh.Count == 0)
        {
            return;
        }

        List<string> touched = [.. fresh.Select(numbered => numbered.Event).OfType<IRepoEvent>().Select(e => e.Repo.Value).Distinct()];
        List<string> touchedContents = [.. fresh.Select(numbered => numbered.Event).OfType<IArtifactEvent>().Select(e => e.Content.Value).Distinct()];
        var (tallies, rows, files, contents) = (new Tallies(db), new RepoRows(db), new FileRows(db), new ContentRows(db));
        await rows.LoadAsync(touched, cancel);
        await files.LoadAsync(rows, cancel);
        await contents.LoadAsync(touchedContents, files.All.Select(file => file.Content).Concat(fresh.SelectMany(numbered => ContentsIn(numbered.Event))), cancel);
        tallies.CountRepos(rows, files, -1);
        tallies.CountArtifacts(contents, -1);
        var repos = new RepoProjection(db, tallies, rows, files, contents);
        var artifacts = new ArtifactProjection(contents);
        var profiles = new ProfileProjection(db);
        var people = new ReviewProjection(db);
        var desk = new DeskProjection(db);
        foreach (var (offset, stored) in fresh)
        {
            await (stored switch
            {
                IRepoEvent e => repos.ApplyAsync(offset, e, cancel),
                IArtifactEvent e => artifacts.ApplyAsync(e, cancel),
                IProfileEvent e => profiles.ApplyAsync(e, cancel),
                IDeskEvent e => desk.ApplyAsync(e, cancel),
                _ => Task.CompletedTask,
            });
            if (stored is IAudited audited)
            {
                // People's words change rows of repos, so that these must be there as they are now, and are read again.
                await repos.StoreAsync(cancel);
                await people.ApplyAsync(offset, audited, cancel);
                await rows.LoadAsync(touched, cancel);
            }
        }

        await new RepoFacets(db).FollowAsync(rows, files, cancel);
        await repos.StoreAsync(cancel);
        await contents.StoreAsync(cancel);
        tallies.CountRepos(rows, files, +1);
        tallies.CountArtifacts(contents, +1);
        await tallies.StoreAsync(cancel);
        await db.InsertOrReplaceAsync(new ProjectionRow { Name = name, JournalOffset = fresh[^1].Offset }, token: cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Contents whose facts a repo's event wants to know.</summary>
    private static IEnumerable<string> ContentsIn(object stored) => stored switch
    {
        RepoEvents.FilesPlanned planned => planned.Files.Select(file => file.Content.Value),
        RepoEvents.FileAnalysed analysed => [analysed.Content.Value],
        _ => [],
    };

    private static Task<long> OffsetAsync(ReadModelConnection db, string name, CancellationToken cancel) =>
        db.Projections.Where(row => row.Name == name).Select(row => row.JournalOffset).FirstOrDefaultAsync(cancel);
}
