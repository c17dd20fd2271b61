using System.Globalization;
using System.Text.Json.Nodes;
using DynaHug.LocalHub.Folders;

namespace DynaHug.LocalHub.Serving;

/// <summary>The hub's JSON for repos and files.</summary>
internal static class RepoJson
{
    private static readonly string[] ListFields =
        ["likes", "trendingScore", "private", "downloads", "tags", "pipeline_tag", "library_name", "createdAt", "modelId"];

    private static readonly string[] FullFields = [.. ListFields, "author", "sha", "lastModified", "gated", "disabled", "siblings"];

    private static readonly string[] InfoFields = [.. FullFields, "usedStorage"];

    public static string Date(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <param name="expand">The only fields wanted; empty for the usual ones.</param>
    public static JsonObject Listed(ServedRepo repo, IReadOnlyCollection<string> expand, bool full) =>
        Of(repo, expand.Count > 0 ? expand : full ? FullFields : ListFields, blobs: false);

    /// <param name="blobs">Sizes and hashes with the file names.</param>
    public static JsonObject Info(ServedRepo repo, IReadOnlyCollection<string> expand, bool blobs, bool securityStatus)
    {
        var info = Of(repo, expand.Count > 0 ? expand : InfoFields, blobs);
        if (securityStatus)
        {
            info["securityRepoStatus"] = Scan(repo);
        }

        return info;
    }

    public static JsonObject Scan(ServedRepo repo)
    {
        var status = repo.Metadata.HubScan ?? "unscanned";
        var issues = status is "safe" or "queued" or "unscanned"
            ? []
            : repo.Files.Where(file => file.IsLfs).Select(file => (JsonNode)new JsonObject { ["path"] = file.Path, ["level"] = status }).ToArray();
        return new JsonObject { ["scansDone"] = status is not ("queued" or "unscanned"), ["filesWithIssues"] = new JsonArray(issues) };
    }

    public static JsonObject File(ServedRepo repo, ServedFile file, bool expand)
    {
        var json = new JsonObject { ["type"] = "file", ["oid"] = file.Oid, ["size"] = file.Size, ["path"] = file.Path };
        if (file.IsLfs)
        {
            json["lfs"] = Lfs(file, "oid");
        }

        if (expand)
        {
            json["lastCommit"] = LastCommit(repo);
            json["securityFileStatus"] = SecurityOf(repo, file);
        }

        return json;
    }

    public static JsonObject Directory(ServedRepo repo, string path, bool expand)
    {
        var json = new JsonObject { ["type"] = "directory", ["oid"] = repo.Trees[path], ["size"] = 0, ["path"] = path };
        if (expand)
        {
            json["lastCommit"] = LastCommit(repo);
        }

        return json;
    }

    public static JsonObject Commit(ServedRepo repo) => new()
    {
        ["id"] = repo.Commit,
        ["title"] = "Upload files",
        ["message"] = "",
        ["authors"] = new JsonArray(new JsonObject { ["user"] = Author(repo) }),
        ["date"] = Date(repo.LastModified),
    };

    public static IEnumerable<string> Tags(ServedRepo repo) =>
        new[] { repo.Metadata.Library, repo.Metadata.PipelineTag }.Concat(repo.Metadata.Tags ?? []).Append("region:us").OfType<string>().Distinct();

    private static JsonObject Of(ServedRepo repo, IEnumerable<string> fields, bool blobs)
    {
        var json = new JsonObject { ["_id"] = repo.Key, ["id"] = repo.Id.Value };
        foreach (var field in fields)
        {
            if (Field(repo, field, blobs) is { } value)
            {
                json[field] = value;
            }
        }

        return json;
    }

    private static JsonNode? Field(ServedRepo repo, string name, bool blobs) => name switch
    {
        "modelId" => repo.Id.Value,
        "author" => Author(repo),
        "sha" => repo.Commit,
        "lastModified" => Date(repo.LastModified),
        "createdAt" => Date(repo.CreatedAt),
        "private" => repo.Metadata.Private,
        "gated" => repo.Metadata.Gated is { } gate ? gate.Kind : false,
        "disabled" => repo.Metadata.Disabled,
        "likes" or "trendingScore" => repo.Metadata.Likes,
        "downloads" or "downloadsAllTime" => repo.Metadata.Downloads,
        "tags" => new JsonArray([.. Tags(repo).Select(tag => (JsonNode)tag)]),
        "pipeline_tag" => repo.Metadata.PipelineTag,
        "library_name" => repo.Metadata.Library,
        "siblings" => new JsonArray([.. repo.Files.Select(file => (JsonNode)Sibling(file, blobs))]),
        "usedStorage" => repo.Files.Sum(file => file.Size),
        _ => null,
    };

    private static JsonObject Sibling(ServedFile file, bool blobs)
    {
        var json = new JsonObject { ["rfilename"] = file.Path };
        if (blobs)
        {
            json["size"] = file.Size;
            json["blobId"] = file.Oid;
            if (file.IsLfs)
            {
                json["lfs"] = Lfs(file, "sha256");
            }
        }

        return json;
    }

    /// <remarks>The hash is named <c>sha256</c> in an info answer and <c>oid</c> in trees.</remarks>
    private static JsonObject Lfs(ServedFile file, string hashName) => new()
    {
        [hashName] = file.Sha256,
        ["size"] = file.Size,
        ["pointerSize"] = GitHash.Pointer(file.Sha256!, file.Size).Length,
    };

    private static JsonObject LastCommit(ServedRepo repo) => new() { ["id"] = repo.Commit, ["title"] = "Upload files", ["date"] = Date(repo.LastModified) };

    private static JsonObject SecurityOf(ServedRepo repo, ServedFile file)
    {
        var status = repo.Metadata.HubScan is not { } scan ? "unscanned" : file.IsLfs || scan is "queued" or "unscanned" ? scan : "safe";
        return new JsonObject
        {
            ["status"] = status,
            ["avScan"] = new JsonObject { ["status"] = status },
            ["pickleImportScan"] = new JsonObject { ["status"] = status },
        };
    }

    private static string Author(ServedRepo repo) => repo.Id.Author.Length > 0 ? repo.Id.Author : repo.Id.Value;
}
