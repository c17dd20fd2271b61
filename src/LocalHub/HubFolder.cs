using System.Security.Cryptography;
using DynaHug.LocalHub.Folders;
using DynaHug.Shared;
using DynaHug.Shared.Hub;

namespace DynaHug.LocalHub;

/// <summary>Works on a folder that a local hub serves, running or not.</summary>
public static class HubFolder
{
    /// <summary>
    /// Adds files to a repo, or makes it, all at once: a running hub serves the state before or the one after. Files already there under
    /// other names stay, and the last states before can still be had by their commits.
    /// </summary>
    /// <param name="pipelineTag">The repo's task; null keeps what it was.</param>
    /// <exception cref="LocalHubException">A file is missing, or two have one name.</exception>
    public static void Push(string folder, RepoId id, IReadOnlyList<string> files, string? pipelineTag, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(clock);
        Check(folder, files);
        var place = Path.Combine(folder, id.Value);
        // A name that starts with a dot is no repo, and the folder is on the same file system.
        var stage = Path.Combine(folder, $".push-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        var old = stage + "-old";
        try
        {
            Directory.CreateDirectory(stage);
            var metadata = Directory.Exists(place) ? RepoMetadata.Read(place) : new RepoMetadata { CreatedAt = clock.GetUtcNow() };
            CopyFolder(place, stage);
            foreach (var file in files)
            {
                File.Copy(file, Path.Combine(stage, Path.GetFileName(file)), overwrite: true);
                File.SetLastWriteTimeUtc(Path.Combine(stage, Path.GetFileName(file)), clock.GetUtcNow().UtcDateTime);
            }

            (metadata with { PipelineTag = pipelineTag ?? metadata.PipelineTag, LastModified = clock.GetUtcNow() }).Write(stage);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            if (Directory.Exists(place))
            {
                Directory.Move(place, old);
            }

            Directory.Move(stage, place);
            if (Directory.Exists(old))
            {
                FormerStates.Keep(folder, id, old, clock);
            }
        }
        finally
        {
            Delete(stage);
            Delete(old);
        }
    }

    /// <summary>The pipeline tag that a repo's folder declares, or null.</summary>
    public static string? PipelineTagOf(string repoFolder) => RepoMetadata.Read(repoFolder).PipelineTag;

    private static void Check(string folder, IReadOnlyList<string> files)
    {
        if (!Directory.Exists(folder))
        {
            throw new LocalHubException($"there is no folder '{Printable.Of(folder)}' to push into; make it, or name the folder that 'hub serve' serves");
        }

        if (files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
        {
            throw new LocalHubException($"there is no file '{Printable.Of(missing)}' to push");
        }

        if (files.GroupBy(Path.GetFileName).FirstOrDefault(group => group.Count() > 1) is { Key: var twice })
        {
            throw new LocalHubException($"two of the files are named '{Printable.Of(twice)}'; they would end up in one place");
        }

        if (files.FirstOrDefault(file => Path.GetFileName(file) == RepoMetadata.FileName) is { } reserved)
        {
            throw new LocalHubException($"'{Printable.Of(reserved)}' has the name of the hub's own metadata file; rename it");
        }
    }

    /// <summary>Hard links would share later changes, so bytes are copied; times are kept, since they spare hashing anew. Links stay behind.</summary>
    private static void CopyFolder(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            return;
        }

        var real = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in Directory.EnumerateFiles(from, "*", real))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from, "*", real))
        {
            CopyFolder(folder, Directory.CreateDirectory(Path.Combine(to, Path.GetFileName(folder))).FullName);
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
