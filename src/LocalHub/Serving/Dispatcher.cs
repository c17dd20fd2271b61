using System.Text.Json.Nodes;
using DynaHug.LocalHub.Folders;
using DynaHug.Shared.Hub;
using Microsoft.AspNetCore.Http;

namespace DynaHug.LocalHub.Serving;

/// <summary>Decides who may see what, in the hub's order: token, repo, revision, consent, file.</summary>
internal sealed class Dispatcher(LocalHubOptions options, RepoIndex index, Quotas quotas, FileServer files)
{
    private readonly Listing listing = new(options);
    private readonly SyntheticRepos synthetic = new(options.Synthetic);
    private readonly RepoPages pages = new(options);

    public async Task HubAsync(HttpContext context, string target)
    {
        var route = HubRoute.Parse(target);
        context.Response.Headers["X-Request-Id"] = context.TraceIdentifier;
        await (quotas.Take(context, route?.Kind) ? AnswerAsync(context, route) : quotas.Exceeded(route?.Kind).WriteAsync(context));
    }

    public async Task FileHostAsync(HttpContext context) => await files.FileHostAsync(context, await index.ReadAsync(context.RequestAborted));

    private async Task AnswerAsync(HttpContext context, HubRoute? route)
    {
        var caller = Callers.Of(context.Request, options);
        var error = route is null ? HubError.NoRoute
            : !IsAllowed(context.Request.Method, route.Kind) ? HubError.WrongMethod
            : caller == Caller.Wrong ? HubError.WrongToken
            : null;
        if (error is not null)
        {
            await error.WriteAsync(context);
            return;
        }

        var repos = await index.ReadAsync(context.RequestAborted);
        await (route!.Kind switch
        {
            RouteKind.List when options.Synthetic > 0 => synthetic.ListAsync(context, options.PageSize),
            RouteKind.List => listing.WriteAsync(context, repos, caller),
            RouteKind.WhoAmI => WhoAmIAsync(context, caller),
            _ => RepoAsync(context, repos, route, caller),
        });
    }

    private static bool IsAllowed(string method, RouteKind kind) =>
        kind == RouteKind.PathsInfo ? HttpMethods.IsPost(method) : HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private Task RepoAsync(HttpContext context, RepoIndex.Snapshot repos, HubRoute route, Caller caller)
    {
        if (repos.Broken.TryGetValue(route.Repo!, out var why))
        {
            return new HubError(500, null, why).WriteAsync(context);
        }

        if (options.Synthetic > 0 && synthetic.Find(route.Repo!) is { } made)
        {
            return SyntheticRepos.AnswerAsync(context, route, made);
        }

        if (options.Renames.TryGetValue(route.Repo!.Value, out var renamed))
        {
            return MovedAsync(context, route.Repo, renamed);
        }

        if (!repos.Repos.TryGetValue(route.Repo!, out var current) || (current.Metadata.Private && caller != Caller.Member))
        {
            return HubError.NoRepo(caller).WriteAsync(context);
        }

        if (current.Metadata.Disabled)
        {
            return HubError.Disabled.WriteAsync(context);
        }

        return repos.At(current.Id, route.Revision) is not { } repo ? HubError.NoRevision(route.Revision).WriteAsync(context)
            : route.Kind is RouteKind.Resolve or RouteKind.Raw or RouteKind.ResolveCache ? FileAsync(context, repo, route, caller)
            : PageAsync(context, repos, repo, route);
    }

    /// <summary>As the hub does: a relative redirect to the same page of the new name.</summary>
    private static Task MovedAsync(HttpContext context, RepoId from, string to)
    {
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = $"{context.Request.Path.ToUriComponent().Replace($"/{from.Value}", $"/{to}", StringComparison.Ordinal)}{context.Request.QueryString}";
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private Task PageAsync(HttpContext context, RepoIndex.Snapshot repos, ServedRepo repo, HubRoute route) => route.Kind switch
    {
        RouteKind.Info => RepoPages.InfoAsync(context, repo),
        RouteKind.Tree => pages.TreeAsync(context, repo, route.Path),
        RouteKind.TreeSize => RepoPages.TreeSizeAsync(context, repo, route.Path),
        RouteKind.PathsInfo => RepoPages.PathsInfoAsync(context, repo),
        RouteKind.Commits => RepoPages.CommitsAsync(context, repos.Commits[repo.Id], repo),
        RouteKind.Refs => RepoPages.RefsAsync(context, repo),
        RouteKind.Scan => JsonAnswer.WriteAsync(context, RepoJson.Scan(repo)),
        _ => throw new InvalidOperationException($"{route.Kind} is no page of a repo"),
    };

    /// <summary>Only file bytes are behind the gate; what a gated repo holds may be read by all.</summary>
    private Task FileAsync(HttpContext context, ServedRepo repo, HubRoute route, Caller caller)
    {
        if (repo.IsGated && caller != Caller.Member)
        {
            return HubError.Gated(repo.Id.Value, caller).WriteAsync(context);
        }

        return repo.Find(route.Path) is not { } file || !file.IsUnchanged ? HubError.NoEntry(repo.Commit).WriteAsync(context)
            : route.Kind == RouteKind.Resolve ? files.ResolveAsync(context, repo, file)
            : route.Kind == RouteKind.Raw ? FileServer.RawAsync(context, repo, file)
            : FileServer.CachedAsync(context, repo, file);
    }

    private static Task WhoAmIAsync(HttpContext context, Caller caller) => caller == Caller.Anonymous
        ? HubError.NotSignedIn.WriteAsync(context)
        : JsonAnswer.WriteAsync(context, new JsonObject
        {
            ["type"] = "user",
            ["id"] = "000000000000000000000001",
            ["name"] = "local",
            ["fullname"] = "local user",
            ["isPro"] = false,
            ["orgs"] = new JsonArray(),
            ["auth"] = new JsonObject
            {
                ["type"] = "access_token",
                ["accessToken"] = new JsonObject { ["displayName"] = "local", ["role"] = "read", ["createdAt"] = "2022-03-02T23:29:04.000Z" },
            },
        });
}
