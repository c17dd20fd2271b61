using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A file of a current revision that nothing can be said of.</summary>
/// <param name="Path">Empty where the whole revision could not be read.</param>
public sealed record UnknownFile(RepoId Repo, string Revision, string Path, long Size, Outcome Outcome, string Reason);

/// <summary>What is asked about files that were not analysed.</summary>
public sealed partial class ReadModelQueries
{
    /// <summary>Files that ended so, by repo and path.</summary>
    public async Task<Paged<UnknownFile>> UnknownFilesAsync(Outcome outcome, string? after, int size, CancellationToken cancel)
    {
        await using var db = database.Open();
        var name = outcome.Name();
        var rows = db.Files.Where(file => file.Outcome == name);
        // The cursor is "repo path"; a repo's name holds no space.
        if (after?.Split(' ', 2) is [var afterRepo, var afterPath])
        {
            rows = rows.Where(file => file.Repo.CompareTo(afterRepo) > 0 || (file.Repo == afterRepo && file.Path.CompareTo(afterPath) > 0));
        }

        var page = await rows.OrderBy(file => file.Repo).ThenBy(file => file.Path).Take(size + 1)
            .Join(db.Repos, file => file.Repo, repo => repo.Id, (file, repo) => new { File = file, repo.Revision })
            .OrderBy(found => found.File.Repo).ThenBy(found => found.File.Path)
            .ToListAsync(cancel);
        return new Paged<UnknownFile>(
            [.. page.Take(size).Select(found => new UnknownFile(
                RepoId.Parse(found.File.Repo), found.Revision, found.File.Path, found.File.Size, outcome, found.File.Verdict is null ? "" : Stored.FromJson<FileVerdict>(found.File.Verdict).Reason))],
            page.Count > size ? $"{page[size - 1].File.Repo} {page[size - 1].File.Path}" : null);
    }
}
