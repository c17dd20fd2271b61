using System.ComponentModel.DataAnnotations;

namespace DynaHug.Coordinator.Access;

/// <summary>How people prove who they are.</summary>
public enum SignInMode
{
    /// <summary>Not at all: whoever works on this machine is its admin. On loopback only.</summary>
    None,

    /// <summary>Accounts of our own, beginning with one admin.</summary>
    Local,

    /// <summary>An OpenID Connect provider.</summary>
    Oidc,
}

/// <summary>Who may come in, from where, and how they prove it.</summary>
public sealed class AccessOptions
{
    public SignInMode Mode { get; init; }

    /// <summary>Name under which people reach the pages, beside those of loopback.</summary>
    public string? PublicHost { get; init; }

    /// <summary>PEM file with certificate and key for TLS; null where a proxy in front does that, or all is loopback.</summary>
    public string? Certificate { get; init; }

    /// <summary>Address of the OpenID Connect provider.</summary>
    public Uri? Authority { get; init; }

    public string? ClientId { get; init; }

    /// <summary>Null for a public client (with PKCE, as always).</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Claim that holds <c>viewer</c>, <c>analyst</c> or <c>admin</c>; who has none may not come in.</summary>
    [Required]
    public string RoleClaim { get; init; } = "roles";

    /// <summary>Password of the first admin; one is made up and printed once where there is none.</summary>
    public string? FirstPassword { get; init; }
}
