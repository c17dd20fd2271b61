using DynaHug.Shared.Hub;

namespace DynaHug.LocalHub.Serving;

/// <summary>What a request asks for.</summary>
internal enum RouteKind
{
    List,
    WhoAmI,
    Info,
    Tree,
    TreeSize,
    PathsInfo,
    Commits,
    Refs,
    Scan,
    Resolve,
    Raw,
    ResolveCache,
}

/// <summary>A request's target, taken apart. Made from the target as sent: the server's own decoding would lose which slashes were escaped.</summary>
/// <param name="Revision">Unescaped; main where the target names none.</param>
/// <param name="Path">Unescaped path inside the repo; empty where the target names none.</param>
internal sealed record HubRoute(RouteKind Kind, RepoId? Repo = null, string Revision = "main", string Path = "")
{
    /// <summary>Verbs behind a repo's name, and whether a revision follows.</summary>
    private static readonly Dictionary<string, (RouteKind Kind, bool Revision)> ApiVerbs = new(StringComparer.Ordinal)
    {
        ["revision"] = (RouteKind.Info, true),
        ["tree"] = (RouteKind.Tree, true),
        ["treesize"] = (RouteKind.TreeSize, true),
        ["paths-info"] = (RouteKind.PathsInfo, true),
        ["commits"] = (RouteKind.Commits, true),
        ["refs"] = (RouteKind.Refs, false),
        ["scan"] = (RouteKind.Scan, false),
    };

    private static readonly Dictionary<string, (RouteKind Kind, bool Revision)> FileVerbs = new(StringComparer.Ordinal)
    {
        ["resolve"] = (RouteKind.Resolve, true),
        ["raw"] = (RouteKind.Raw, true),
    };

    /// <summary>Null for what no hub route matches.</summary>
    /// <param name="target">Path and query as sent, percent-escapes included.</param>
    public static HubRoute? Parse(string target)
    {
        var path = target.Split('?', 2)[0];
        if (!path.StartsWith('/'))
        {
            return null;
        }

        return path[1..].TrimEnd('/').Split('/').Select(Uri.UnescapeDataString).ToArray() switch
        {
            ["api", "models"] => new HubRoute(RouteKind.List),
            ["api", "whoami-v2"] => new HubRoute(RouteKind.WhoAmI),
            ["api", "models", .. var rest] => OfRepo(rest, ApiVerbs, bare: RouteKind.Info),
            ["api", "resolve-cache", "models", .. var rest] => OfCache(rest),
            ["api", ..] => null,
            var rest => OfRepo(rest, FileVerbs, bare: null),
        };
    }

    private static HubRoute? OfRepo(string[] segments, Dictionary<string, (RouteKind Kind, bool Revision)> verbs, RouteKind? bare)
    {
        // A namespace first: an org and a repo may be named like a verb.
        foreach (var idLength in (ReadOnlySpan<int>)[2, 1])
        {
            if (segments.Length > idLength && verbs.TryGetValue(segments[idLength], out var verb) && Id(segments[..idLength]) is { } id)
            {
                var rest = segments[(idLength + 1)..];
                return !verb.Revision ? (rest.Length == 0 ? new HubRoute(verb.Kind, id) : null)
                    : rest.Length == 0 ? null
                    : new HubRoute(verb.Kind, id, rest[0], string.Join('/', rest[1..]));
            }
        }

        return bare is { } kind && Id(segments) is { } plain ? new HubRoute(kind, plain) : null;
    }

    /// <summary>Commits have 40 hex digits, so one- and two-segment names can be told apart.</summary>
    private static HubRoute? OfCache(string[] segments)
    {
        var at = Array.FindIndex(segments, segment => segment.Length == 40 && segment.All(char.IsAsciiHexDigit));
        return at is 1 or 2 && Id(segments[..at]) is { } id ? new HubRoute(RouteKind.ResolveCache, id, segments[at], string.Join('/', segments[(at + 1)..])) : null;
    }

    private static RepoId? Id(string[] segments) => RepoId.TryParse(string.Join('/', segments), out var id) ? id : null;
}
