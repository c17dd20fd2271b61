using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>A real OpenID Connect provider (OpenIddict) on loopback with one client, at which <see cref="Name"/> is always signed in.</summary>
internal sealed class OidcProvider : IAsyncDisposable
{
    public const string Client = "dynahug";
    public const string Secret = "shared by both";

    private WebApplication app = null!;

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Who signs in next.</summary>
    public string Name { get; set; } = "";

    /// <summary>Claim <c>roles</c> of whoever signs in next.</summary>
    public string[] Roles { get; set; } = [];

    public static async Task<OidcProvider> StartAsync(CancellationToken cancel)
    {
        var provider = new OidcProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddOpenIddict().AddServer(provider.Configure);
        provider.app = builder.Build();
        provider.app.UseAuthentication();
        await provider.app.StartAsync(cancel);
        return provider;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private void Configure(OpenIddictServerBuilder server)
    {
        server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetUserInfoEndpointUris("userinfo");
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.RegisterScopes(Scopes.Profile);
        server.AddEphemeralEncryptionKey().AddEphemeralSigningKey().EnableDegradedMode();
        server.UseAspNetCore().DisableTransportSecurityRequirement();
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != Client || !Uri.TryCreate(context.RedirectUri, UriKind.Absolute, out var back) || !back.IsLoopback || back.AbsolutePath != "/signin-oidc")
            {
                context.Reject(Errors.InvalidClient);
            }

            return default;
        }));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != Client || context.ClientSecret != Secret)
            {
                context.Reject(Errors.InvalidClient);
            }

            return default;
        }));
        server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            var identity = new ClaimsIdentity("provider").SetClaim(Claims.Subject, $"id of {Name}").SetClaim(Claims.PreferredUsername, Name).SetClaims("roles", [.. Roles]);
            identity.SetScopes(context.Request.GetScopes());
            identity.SetDestinations(_ => [Destinations.IdentityToken]);
            context.SignIn(new ClaimsPrincipal(identity));
            return default;
        }));
        server.AddEventHandler<HandleUserInfoRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            context.Subject = context.AccessTokenPrincipal.GetClaim(Claims.Subject);
            return default;
        }));
    }
}
