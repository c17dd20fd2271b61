using System.IO.Enumeration;
using DynaHug.Shared.Hub;

namespace DynaHug.LocalHub.Folders;

/// <summary>Finds repos in a folder and reads them. Links are not followed and not served; neither are <c>.hub.json</c>, <c>.git</c> and names no client could use.</summary>
internal sealed class RepoReader(FileHasher hasher)
{
    /// <summary>Files of an archive that is unpacked differ by this much; a change after the metadata was written differs by more.</summary>
    private static readonly TimeSpan WrittenTogether = TimeSpan.FromMinutes(5);

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };
    private static readonly EnumerationOptions Direct = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>Repos by name. A folder with a file of its own is a repo without a namespace; else its folders are the repos of a namespace.</summary>
    public static IEnumerable<(RepoId Id, string Folder)> FindRepos(string root)
    {
        foreach (var first in Folders(root))
        {
            var isRepo = File.Exists(Path.Combine(first, RepoMetadata.FileName)) || Directory.EnumerateFiles(first, "*", Direct).Any();
            foreach (var folder in isRepo ? [first] : Folders(first))
            {
                if (RepoId.TryParse(Path.GetRelativePath(root, folder), out var id))
                {
                    yield return (id, folder);
                }
            }
        }
    }

    /// <exception cref="IOException">The repo changed while it was read, so that what was read may be half of one state and half of another.</exception>
    public async Task<ServedRepo> ReadAsync(RepoId id, string folder, CancellationToken cancel)
    {
        var files = new List<ServedFile>();
        foreach (var info in Files(folder).OrderBy(info => info.FullName, StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(folder, info.FullName);
            if (HubPath.IsSafe(path))
            {
                files.Add(await hasher.HashAsync(path, info, cancel));
            }
        }

        var metadata = RepoMetadata.Read(folder);
        if (!files.TrueForAll(file => file.IsUnchanged))
        {
            throw new IOException($"{id} changed while it was read");
        }

        return ServedRepo.Of(id, metadata, LastModified(folder, metadata, files), files);
    }

    /// <summary>What the metadata declares, unless files changed after it was written.</summary>
    private static DateTimeOffset LastModified(string folder, RepoMetadata metadata, List<ServedFile> files)
    {
        var newest = files.Count == 0 ? new DateTimeOffset(Directory.GetLastWriteTimeUtc(folder)) : files.Max(file => file.ChangedAt);
        var declaredAt = File.GetLastWriteTimeUtc(Path.Combine(folder, RepoMetadata.FileName));
        return metadata.LastModified is { } declared && newest <= declaredAt + WrittenTogether ? declared.ToUniversalTime() : newest;
    }

    private static IEnumerable<string> Folders(string folder) =>
        Directory.EnumerateDirectories(folder, "*", Direct).Where(found => Path.GetFileName(found)[0] != '.');

    private static FileSystemEnumerable<FileInfo> Files(string folder) =>
        new(folder, (ref FileSystemEntry entry) => (FileInfo)entry.ToFileSystemInfo(), Everything)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                !entry.IsDirectory && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && !entry.FileName.StartsWith(RepoMetadata.FileName),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.FileName is not ".git",
        };
}
