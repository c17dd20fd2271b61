using DynaHug.LocalHub.Folders;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DynaHug.LocalHub.Serving;

/// <summary>File bytes: <c>resolve</c>, <c>raw</c>, the cache address that plain files redirect to, and the file host that LFS files redirect to.</summary>
internal sealed class FileServer(SignedAddress signed, Func<Uri> fileHost)
{
    /// <summary>Plain files of public repos by 307 to a cache, LFS files by 302 to the file host, the others at once.</summary>
    public Task ResolveAsync(HttpContext context, ServedRepo repo, ServedFile file)
    {
        var headers = context.Response.Headers;
        headers["X-Repo-Commit"] = repo.Commit;
        if (file.IsLfs)
        {
            headers["X-Linked-Size"] = file.Size.ToString(System.Globalization.CultureInfo.InvariantCulture);
            headers["X-Linked-ETag"] = file.Tag;
            headers.AcceptRanges = "bytes";
            return Redirect(context, StatusCodes.Status302Found, new Uri(fileHost(), signed.Of(file.Sha256!)).AbsoluteUri);
        }

        return repo.Metadata.Private || repo.IsGated || file.Size == 0 || repo.Id.Author.Length == 0
            ? BytesAsync(context, file)
            : Redirect(context, StatusCodes.Status307TemporaryRedirect, CacheAddress(context, repo, file));
    }

    public static Task CachedAsync(HttpContext context, ServedRepo repo, ServedFile file)
    {
        context.Response.Headers["X-Repo-Commit"] = repo.Commit;
        return BytesAsync(context, file);
    }

    /// <summary>What git holds: the pointer text for an LFS file.</summary>
    public static Task RawAsync(HttpContext context, ServedRepo repo, ServedFile file)
    {
        context.Response.Headers["X-Repo-Commit"] = repo.Commit;
        if (!file.IsLfs)
        {
            return BytesAsync(context, file);
        }

        context.Response.Headers.ETag = $"\"{file.Oid}\"";
        return JsonAnswer.BytesAsync(context, GitHash.Pointer(file.Sha256!, file.Size), "text/plain; charset=utf-8");
    }

    /// <summary>A request to the file host: only by a good signature, and, as with storage services, without other credentials.</summary>
    public Task FileHostAsync(HttpContext context, RepoIndex.Snapshot repos)
    {
        var sha256 = context.Request.Path.Value is { } path && path.StartsWith(SignedAddress.Prefix, StringComparison.Ordinal) ? path[SignedAddress.Prefix.Length..] : "";
        if (context.Request.Headers.Authorization.Count > 0)
        {
            return HubError.BadRequest("Only one auth mechanism allowed").WriteAsync(context);
        }

        if (!signed.IsGood(sha256, context.Request.Query["expires"], context.Request.Query["sig"]))
        {
            return new HubError(403, null, "Request has expired or is not signed").WriteAsync(context);
        }

        return repos.FindBlob(sha256) is { } file ? BytesAsync(context, file) : HubError.NoRoute.WriteAsync(context);
    }

    /// <summary>Range, If-Range, HEAD and 416 are the framework's.</summary>
    private static Task BytesAsync(HttpContext context, ServedFile file)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return file.IsUnchanged
            ? Results.File(file.Place, "application/octet-stream", entityTag: new EntityTagHeaderValue(file.Tag), enableRangeProcessing: true).ExecuteAsync(context)
            : HubError.NoRoute.WriteAsync(context);
    }

    private static string CacheAddress(HttpContext context, ServedRepo repo, ServedFile file)
    {
        var path = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
        var asked = Uri.EscapeDataString(context.Request.Path.Value!);
        return $"/api/resolve-cache/models/{repo.Id}/{repo.Commit}/{path}?{asked}=&etag={Uri.EscapeDataString(file.Tag)}";
    }

    private static Task Redirect(HttpContext context, int status, string location)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        context.Response.Headers.Vary = "Origin, Accept";
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
