using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Files of the repos that a batch of events touches: read, kept and written as their <see cref="RepoRows"/> are.</summary>
internal sealed class FileRows(ReadModelConnection db)
{
    private readonly Dictionary<string, Dictionary<string, FileRow>> files = [];
    private readonly Dictionary<string, HashSet<string>> changed = [];
    private readonly HashSet<string> cleared = [];

    public IEnumerable<FileRow> All => files.Values.SelectMany(ofRepo => ofRepo.Values);

    public async Task LoadAsync(RepoRows repos, CancellationToken cancel)
    {
        foreach (var some in repos.NotBare)
        {
            foreach (var row in await db.Files.Where(row => some.Contains(row.Repo)).ToListAsync(cancel))
            {
                OfRepo(row.Repo)[row.Path] = row;
            }
        }
    }

    public IReadOnlyCollection<FileRow> Of(string repo) => files.TryGetValue(repo, out var known) ? known.Values : [];

    public FileRow? Find(string repo, string path) => files.GetValueOrDefault(repo)?.GetValueOrDefault(path);

    public void Put(FileRow row)
    {
        OfRepo(row.Repo)[row.Path] = row;
        (changed.TryGetValue(row.Repo, out var paths) ? paths : changed[row.Repo] = []).Add(row.Path);
    }

    /// <summary>The repo has no files any more.</summary>
    public void Clear(string repo)
    {
        files.Remove(repo);
        changed.Remove(repo);
        cleared.Add(repo);
    }

    /// <summary>Writes what was put.</summary>
    public async Task StoreAsync(CancellationToken cancel)
    {
        foreach (var some in cleared.Chunk(Replacing.AtATime))
        {
            await db.Files.DeleteAsync(row => some.Contains(row.Repo), cancel);
        }

        // Of a repo with thousands of files only those that changed are written; and files of other repos with the same paths, which the statement finds too.
        foreach (var some in changed.SelectMany(repo => repo.Value, (repo, path) => (Repo: repo.Key, Path: path)).Chunk(Replacing.AtATime))
        {
            var (repos, paths) = (some.Select(file => file.Repo).Distinct().ToList(), some.Select(file => file.Path).ToHashSet());
            await db.Files.DeleteAsync(row => repos.Contains(row.Repo) && paths.Contains(row.Path), cancel);
            await db.Files.BulkCopyAsync(repos.SelectMany(Of).Where(row => paths.Contains(row.Path)), cancel);
        }

        cleared.Clear();
        changed.Clear();
    }

    private Dictionary<string, FileRow> OfRepo(string repo) => files.TryGetValue(repo, out var known) ? known : files[repo] = [];
}
