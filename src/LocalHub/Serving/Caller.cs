using Microsoft.AspNetCore.Http;

namespace DynaHug.LocalHub.Serving;

/// <summary>Who asks, by the token sent.</summary>
internal enum Caller
{
    Anonymous,

    /// <summary>A valid token without special rights.</summary>
    Known,

    /// <summary>May read private repos and gated files.</summary>
    Member,

    /// <summary>A token that is none.</summary>
    Wrong,
}

internal static class Callers
{
    private const string Scheme = "Bearer ";

    public static Caller Of(HttpRequest request, LocalHubOptions options)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return Caller.Anonymous;
        }

        var token = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";
        return options.MemberTokens.Contains(token) ? Caller.Member
            : options.Tokens.Contains(token) || (token.Length > 0 && options.Tokens.Count == 0 && options.MemberTokens.Count == 0) ? Caller.Known
            : Caller.Wrong;
    }
}
