using System.Text.Json.Nodes;
using DynaHug.LocalHub.Folders;
using Microsoft.AspNetCore.Http;

namespace DynaHug.LocalHub.Serving;

/// <summary><c>GET /api/models</c>: filters, sorts (always descending, then by <c>_id</c>) and pages by a keyset cursor, so that pages do not shift when repos come.</summary>
internal sealed class Listing(LocalHubOptions options)
{
    private const string DefaultSort = "trendingScore";

    private static readonly Dictionary<string, Func<ServedRepo, long>> Sorts = new(StringComparer.Ordinal)
    {
        ["likes"] = repo => repo.Metadata.Likes,
        ["likes30d"] = repo => repo.Metadata.Likes,
        ["trendingScore"] = repo => repo.Metadata.Likes,
        ["downloads"] = repo => repo.Metadata.Downloads,
        ["lastModified"] = repo => repo.LastModified.ToUnixTimeMilliseconds(),
        ["createdAt"] = repo => repo.CreatedAt.ToUnixTimeMilliseconds(),
        ["mainSize"] = repo => repo.Files.Sum(file => file.Size),
    };

    public Task WriteAsync(HttpContext context, RepoIndex.Snapshot repos, Caller caller)
    {
        var request = context.Request;
        var sort = request.Word("sort") ?? DefaultSort;
        if (!Sorts.TryGetValue(sort, out var valueOf))
        {
            return HubError.BadRequest("Invalid sort parameter").WriteAsync(context);
        }

        var after = default(Cursor);
        if (request.Word("cursor") is { } cursor && !Cursor.TryRead(cursor, sort, out after))
        {
            return HubError.BadRequest("Invalid cursor").WriteAsync(context);
        }

        var limit = request.Limit(options.PageSize);
        var found = repos.Repos.Values
            .Where(repo => (!repo.Metadata.Private || caller == Caller.Member) && Matches(repo, request))
            .Select(repo => (Repo: repo, Value: valueOf(repo)))
            .Where(entry => after is null || entry.Value < after.Value || (entry.Value == after.Value && string.CompareOrdinal(entry.Repo.Key, after.Key) > 0))
            .OrderByDescending(entry => entry.Value)
            .ThenBy(entry => entry.Repo.Key, StringComparer.Ordinal)
            .Take(limit + 1)
            .ToList();
        if (found.Count > limit)
        {
            var last = found[limit - 1];
            context.LinkNext("cursor", new Cursor(last.Value, last.Repo.Key).Write(sort));
        }

        var expand = request.Words("expand");
        var full = request.Flag("full");
        return JsonAnswer.WriteAsync(context, new JsonArray([.. found.Take(limit).Select(entry => RepoJson.Listed(entry.Repo, expand, full))]));
    }

    private static bool Matches(ServedRepo repo, HttpRequest request)
    {
        var tags = RepoJson.Tags(repo).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return (request.Word("author") is not { } author || repo.Id.Author.Equals(author, StringComparison.OrdinalIgnoreCase))
            && (request.Word("search") is not { } search || repo.Id.Value.Contains(search, StringComparison.OrdinalIgnoreCase))
            && (request.Word("pipeline_tag") is not { } task || repo.Metadata.PipelineTag == task)
            && (request.Word("gated") is not { } gated || repo.IsGated == QueryReader.IsTrue(gated))
            && request.Words("filter").SelectMany(filter => filter.Split(',')).All(tags.Contains);
    }
}
