using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DynaHug.LocalHub.Folders;
using Microsoft.AspNetCore.Http;

namespace DynaHug.LocalHub.Serving;

/// <summary>What <c>/api/models/{id}/…</c> says of one commit of a repo.</summary>
internal sealed class RepoPages(LocalHubOptions options)
{
    private const int MostPaths = 2000;
    private const int MostCommits = 1000;

    public static Task InfoAsync(HttpContext context, ServedRepo repo) => JsonAnswer.WriteAsync(
        context, RepoJson.Info(repo, context.Request.Words("expand"), context.Request.Flag("blobs"), context.Request.Flag("securityStatus")));

    public Task TreeAsync(HttpContext context, ServedRepo repo, string folder)
    {
        if (!repo.Trees.ContainsKey(folder))
        {
            return HubError.NoEntry(repo.Commit).WriteAsync(context);
        }

        var expand = context.Request.Flag("expand");
        var limit = context.Request.Limit(expand ? options.ExpandedPageSize : options.PageSize);
        var after = default(string);
        if (context.Request.Word("cursor") is { } cursor)
        {
            after = Cursor.Decode(cursor)?["path"] is JsonValue path && path.TryGetValue<string>(out var last) ? last : null;
            if (after is null)
            {
                return HubError.BadRequest("Invalid cursor").WriteAsync(context);
            }
        }

        var prefix = folder.Length == 0 ? "" : folder + "/";
        var recursive = context.Request.Flag("recursive");
        var entries = repo.Files.Select(file => file.Path).Concat(repo.Trees.Keys)
            .Where(path => path.Length > prefix.Length && path.StartsWith(prefix, StringComparison.Ordinal) && (recursive || !path[prefix.Length..].Contains('/')))
            .Where(path => after is null || string.CompareOrdinal(path, after) > 0)
            .Order(StringComparer.Ordinal)
            .Take(limit + 1)
            .ToList();
        if (entries.Count > limit)
        {
            context.LinkNext("cursor", Cursor.Encode(new JsonObject { ["path"] = entries[limit - 1] }));
        }

        return JsonAnswer.WriteAsync(context, new JsonArray([.. entries.Take(limit).Select(path => Entry(repo, path, expand))]));
    }

    public static Task TreeSizeAsync(HttpContext context, ServedRepo repo, string folder)
    {
        var prefix = folder.Length == 0 ? "" : folder + "/";
        var size = repo.Files.Where(file => file.Path.StartsWith(prefix, StringComparison.Ordinal)).Sum(file => file.Size);
        return repo.Trees.ContainsKey(folder)
            ? JsonAnswer.WriteAsync(context, new JsonObject { ["path"] = "/" + folder, ["size"] = size })
            : HubError.NoEntry(repo.Commit).WriteAsync(context);
    }

    /// <summary>Takes forms (the Python client) and JSON (the JavaScript client).</summary>
    public static async Task PathsInfoAsync(HttpContext context, ServedRepo repo)
    {
        var (paths, expand) = context.Request.HasFormContentType ? await FormAsync(context) : await JsonAsync(context);
        if (paths is null || paths.Count > MostPaths)
        {
            await HubError.BadRequest($"paths must be a list of at most {MostPaths} paths").WriteAsync(context);
            return;
        }

        var known = paths.Distinct().Where(path => path.Length > 0 && (repo.Find(path) is not null || repo.Trees.ContainsKey(path)));
        await JsonAnswer.WriteAsync(context, new JsonArray([.. known.Select(path => Entry(repo, path, expand))]));
    }

    public static Task CommitsAsync(HttpContext context, IReadOnlyList<ServedRepo> commits, ServedRepo from)
    {
        var all = commits.SkipWhile(commit => commit.Commit != from.Commit).ToList();
        var limit = context.Request.Word("limit") is null ? 50 : context.Request.Limit(MostCommits);
        var page = int.TryParse(context.Request.Word("p"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? wanted : 0;
        var start = (long)page * limit;
        context.Response.Headers["X-Total-Count"] = all.Count.ToString(CultureInfo.InvariantCulture);
        if (start + limit < all.Count)
        {
            context.LinkNext("p", (page + 1).ToString(CultureInfo.InvariantCulture));
        }

        return JsonAnswer.WriteAsync(context, new JsonArray([.. all.Skip((int)Math.Min(start, all.Count)).Take(limit).Select(RepoJson.Commit)]));
    }

    public static Task RefsAsync(HttpContext context, ServedRepo repo)
    {
        var refs = new JsonObject
        {
            ["branches"] = new JsonArray(new JsonObject { ["name"] = "main", ["ref"] = "refs/heads/main", ["targetCommit"] = repo.Commit }),
            ["converts"] = new JsonArray(),
            ["tags"] = new JsonArray(),
        };
        if (context.Request.Flag("include_prs"))
        {
            refs["pullRequests"] = new JsonArray();
        }

        return JsonAnswer.WriteAsync(context, refs);
    }

    private static JsonObject Entry(ServedRepo repo, string path, bool expand) =>
        repo.Find(path) is { } file ? RepoJson.File(repo, file, expand) : RepoJson.Directory(repo, path, expand);

    private static async Task<(IReadOnlyList<string>? Paths, bool Expand)> FormAsync(HttpContext context)
    {
        try
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            return ([.. form["paths"].OfType<string>()], QueryReader.IsTrue(form["expand"].ToString()));
        }
        catch (InvalidDataException)
        {
            return (null, false);
        }
    }

    private static async Task<(IReadOnlyList<string>? Paths, bool Expand)> JsonAsync(HttpContext context)
    {
        try
        {
            var wanted = await JsonSerializer.DeserializeAsync<PathsWanted>(context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
            return (wanted?.Paths?.OfType<string>().ToList(), wanted?.Expand ?? false);
        }
        catch (JsonException)
        {
            return (null, false);
        }
    }

    private sealed record PathsWanted(IReadOnlyList<string?>? Paths, bool Expand = false);
}
