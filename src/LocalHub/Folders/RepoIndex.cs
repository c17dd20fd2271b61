using DynaHug.Shared.Hub;

namespace DynaHug.LocalHub.Folders;

/// <summary>
/// The folder as the hub sees it. Read anew when a request finds it older than the interval; the last commits of each repo
/// stay known, since a hub never forgets one.
/// </summary>
internal sealed class RepoIndex(string root, FileHasher hasher, TimeSpan interval, TimeProvider clock) : IDisposable
{
    private const int CommitsKept = 16;
    private const int Attempts = 3;

    private static readonly TimeSpan SwapTime = TimeSpan.FromMilliseconds(20);

    private readonly RepoReader reader = new(hasher);
    private readonly SemaphoreSlim reading = new(1, 1);
    private readonly Dictionary<RepoId, List<ServedRepo>> history = [];
    private volatile Snapshot? current;

    /// <summary>All repos, current within the interval.</summary>
    public async Task<Snapshot> ReadAsync(CancellationToken cancel)
    {
        if (IsFresh(current))
        {
            return current!;
        }

        await reading.WaitAsync(cancel);
        try
        {
            return IsFresh(current) ? current! : current = await RescanAsync(current, cancel);
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();

    private bool IsFresh(Snapshot? snapshot) => snapshot is not null && clock.GetElapsedTime(snapshot.Timestamp) < interval;

    private async Task<Snapshot> RescanAsync(Snapshot? before, CancellationToken cancel)
    {
        var timestamp = clock.GetTimestamp();
        var now = clock.GetUtcNow();
        var repos = new Dictionary<RepoId, ServedRepo>();
        var broken = new Dictionary<RepoId, string>();
        await AddAsync(RepoReader.FindRepos(root));
        var missing = before?.Repos.Keys.Where(id => !repos.ContainsKey(id)).ToHashSet() ?? [];
        if (missing.Count > 0)
        {
            // A push puts a new folder into the place of the old one; between the two renames there is none.
            await Task.Delay(SwapTime, clock, cancel);
            await AddAsync(RepoReader.FindRepos(root).Where(found => missing.Contains(found.Id)));
        }

        hasher.ForgetAllBut(repos.Values.Concat(history.Values.SelectMany(commits => commits)).SelectMany(repo => repo.Files).Select(file => file.Place).ToHashSet(StringComparer.Ordinal));
        var commits = history.Where(entry => repos.ContainsKey(entry.Key)).ToDictionary(entry => entry.Key, entry => (IReadOnlyList<ServedRepo>)[.. entry.Value]);
        return new Snapshot(repos, broken, commits, timestamp, now);

        async Task AddAsync(IEnumerable<(RepoId Id, string Folder)> found)
        {
            foreach (var (id, folder) in found)
            {
                try
                {
                    if (await TryReadAsync(id, folder, cancel) is { } read)
                    {
                        foreach (var former in FormerStates.Of(root, id))
                        {
                            Remember(await TryReadAsync(id, former, cancel));
                        }

                        repos[id] = Dated(read, before, now);
                        Remember(repos[id]);
                    }
                }
                catch (LocalHubException unreadable)
                {
                    broken[id] = unreadable.Message;
                }
            }
        }
    }

    /// <summary>Tries again what changes while it is read; what keeps changing, or is gone, is looked at again next time.</summary>
    private async Task<ServedRepo?> TryReadAsync(RepoId id, string folder, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                return await reader.ReadAsync(id, folder, cancel);
            }
            catch (Exception moving) when (moving is UnauthorizedAccessException or IOException && !(moving is LocalHubException && attempt == Attempts - 1))
            {
                await Task.Delay(SwapTime, clock, cancel);
            }
        }

        return null;
    }

    /// <summary>A change that came in with old dates (files moved in) is new all the same: a watcher asks for what is newer than its last look.</summary>
    private static ServedRepo Dated(ServedRepo found, Snapshot? before, DateTimeOffset now)
    {
        if (before is null)
        {
            return found;
        }

        var known = before.Repos.GetValueOrDefault(found.Id);
        return known?.Commit == found.Commit ? found with { LastModified = Later(found.LastModified, known.LastModified) }
            : found.LastModified < before.ReadAt ? found with { LastModified = now }
            : found;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private void Remember(ServedRepo? repo)
    {
        if (repo is null)
        {
            return;
        }

        var commits = history.TryGetValue(repo.Id, out var known) ? known : history[repo.Id] = [];
        commits.RemoveAll(commit => commit.Commit == repo.Commit);
        commits.Insert(0, repo);
        if (commits.Count > CommitsKept)
        {
            commits.RemoveAt(CommitsKept);
        }
    }

    /// <param name="Repos">Each repo at its current commit.</param>
    /// <param name="Broken">Repos whose metadata cannot be read, and why: they are not listed, and say so when they are asked for.</param>
    /// <param name="Commits">The known commits of each repo, newest first.</param>
    internal sealed record Snapshot(
        IReadOnlyDictionary<RepoId, ServedRepo> Repos,
        IReadOnlyDictionary<RepoId, string> Broken,
        IReadOnlyDictionary<RepoId, IReadOnlyList<ServedRepo>> Commits,
        long Timestamp,
        DateTimeOffset ReadAt)
    {
        private readonly Lazy<Dictionary<string, ServedFile>> bySha256 = new(() => Repos.Values
            .SelectMany(repo => repo.Files)
            .Concat(Commits.Values.SelectMany(commits => commits.Skip(1)).SelectMany(former => former.Files).Where(file => file.IsUnchanged))
            .Where(file => file.IsLfs)
            .DistinctBy(file => file.Sha256)
            .ToDictionary(file => file.Sha256!, StringComparer.Ordinal));

        public ServedFile? FindBlob(string sha256) => bySha256.Value.GetValueOrDefault(sha256);

        /// <summary>The repo at a revision: main, a full commit id, or a ref to main; null if there is none.</summary>
        public ServedRepo? At(RepoId id, string revision) => revision is "main" or "HEAD" or "refs/heads/main"
            ? Repos.GetValueOrDefault(id)
            : Commits.GetValueOrDefault(id)?.FirstOrDefault(commit => commit.Commit.Equals(revision, StringComparison.OrdinalIgnoreCase));
    }
}
