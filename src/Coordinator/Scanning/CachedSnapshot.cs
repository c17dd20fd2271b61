using DynaHug.Shared.Hub;

namespace DynaHug.Coordinator.Scanning;

/// <summary>A repo as it lies in the cache of the hub's own client: <c>models--org--name/snapshots/COMMIT/…</c>, whose files are links to contents (huggingface_hub, "Understand caching").</summary>
/// <param name="Target">The repo as people name it, <c>org/name@commit</c>.</param>
/// <param name="Folder">Its files.</param>
public sealed record CachedSnapshot(string Target, string Folder)
{
    private const string Prefix = "models--";

    /// <summary>Every snapshot of a cache folder, or of one repo in it; empty for a folder that is neither.</summary>
    public static IReadOnlyList<CachedSnapshot> Find(string folder)
    {
        var root = new DirectoryInfo(folder);
        IEnumerable<DirectoryInfo> repos = root.Name.StartsWith(Prefix, StringComparison.Ordinal) ? [root] : root.EnumerateDirectories($"{Prefix}*").OrderBy(repo => repo.Name, StringComparer.Ordinal);
        return [.. repos
            .Where(repo => Directory.Exists(Path.Combine(repo.FullName, "snapshots")))
            .SelectMany(repo => new DirectoryInfo(Path.Combine(repo.FullName, "snapshots")).EnumerateDirectories().OrderBy(snapshot => snapshot.Name, StringComparer.Ordinal)
                .Select(snapshot => new CachedSnapshot(NameOf(repo.Name, snapshot.Name), snapshot.FullName)))];
    }

    private static string NameOf(string repo, string commit)
    {
        var name = repo[Prefix.Length..].Replace("--", "/", StringComparison.Ordinal);
        return RepoId.TryParse(name, out var id) ? $"{id}@{commit}" : repo;
    }
}
