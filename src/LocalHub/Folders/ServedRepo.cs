using System.Text;
using DynaHug.Shared.Hub;

namespace DynaHug.LocalHub.Folders;

/// <summary>One commit of a repo: its files by path, and what the hub knows of it.</summary>
/// <param name="Files">Sorted by path.</param>
/// <param name="Trees">Git tree ids of the folders inside, by path; the root is "".</param>
internal sealed record ServedRepo(
    RepoId Id, string Commit, RepoMetadata Metadata, DateTimeOffset LastModified, DateTimeOffset CreatedAt, IReadOnlyList<ServedFile> Files, IReadOnlyDictionary<string, string> Trees)
{
    /// <summary>Date of repos from before hubs kept dates.</summary>
    private static readonly DateTimeOffset OldestDate = new(2022, 3, 2, 23, 29, 4, TimeSpan.Zero);

    private readonly Dictionary<string, ServedFile> byPath = Files.ToDictionary(file => file.Path, StringComparer.Ordinal);

    /// <summary>The hub's internal key, 24 hex digits; breaks ties when listings are sorted.</summary>
    public string Key { get; } = GitHash.Of("key", Encoding.ASCII.GetBytes(Id.Value))[..24];

    public bool IsGated => Metadata.Gated is not null;

    public ServedFile? Find(string path) => byPath.GetValueOrDefault(path);

    /// <summary>Names trees and the commit after content alone, so that metadata changes no commit.</summary>
    public static ServedRepo Of(RepoId id, RepoMetadata metadata, DateTimeOffset lastModified, IReadOnlyList<ServedFile> files)
    {
        var trees = new Dictionary<string, string>(StringComparer.Ordinal);
        var root = TreeOf("", files, trees);
        var commit = GitHash.Of("commit", Encoding.ASCII.GetBytes($"tree {root}\n"));
        return new ServedRepo(id, commit, metadata, lastModified, metadata.CreatedAt ?? OldestDate, files, trees);
    }

    /// <summary>A git tree object: <c>{mode} {name}\0{20 bytes}</c> for each entry; names in byte order, folders as if they ended in a slash.</summary>
    private static string TreeOf(string folder, IReadOnlyList<ServedFile> files, Dictionary<string, string> trees)
    {
        var entries = new SortedDictionary<string, (string Mode, string Oid)>(StringComparer.Ordinal);
        var prefix = folder.Length == 0 ? "" : folder + "/";
        foreach (var group in files.GroupBy(file => file.Path[prefix.Length..].Split('/')[0]))
        {
            var only = group.First();
            if (only.Path == prefix + group.Key)
            {
                entries[group.Key] = ("100644", only.Oid);
            }
            else
            {
                entries[group.Key + "/"] = ("40000", TreeOf(prefix + group.Key, [.. group], trees));
            }
        }

        using var content = new MemoryStream();
        foreach (var (name, (mode, oid)) in entries)
        {
            content.Write(Encoding.UTF8.GetBytes($"{mode} {name.TrimEnd('/')}\0"));
            content.Write(Convert.FromHexString(oid));
        }

        return trees[folder] = GitHash.Of("tree", content.ToArray());
    }
}
