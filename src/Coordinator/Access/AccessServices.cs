using DynaHug.Coordinator.Dashboard;
using DynaHug.Coordinator.Dashboard.Api;
using DynaHug.Coordinator.Desk;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Wire;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace DynaHug.Coordinator.Access;

/// <summary>Sign-in, roles and what keeps other sites' pages from acting in somebody's name.</summary>
internal static class AccessServices
{
    private const string Chooser = "chooser";
    private static readonly TimeSpan Session = TimeSpan.FromHours(12);

    public static IServiceCollection AddAccess(this IServiceCollection services, AccessOptions options)
    {
        services.AddSingleton(options).AddSingleton<Accounts>();
        services.AddAuthorization(Policies.Add);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "dynahug-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        var schemes = services.AddAuthentication(Chooser)
            .AddPolicyScheme(Chooser, null, chooser => chooser.ForwardDefaultSelector = context =>
                ApiKeys.IsNamed(context.Request) ? ApiKeys.SchemeName : options.Mode == SignInMode.None ? LocalPerson.SchemeName : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeys>(ApiKeys.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, LocalPerson>(LocalPerson.SchemeName, null)
            .AddCookie(cookie => Set(cookie, options));
        if (options.Mode == SignInMode.Oidc)
        {
            schemes.AddOpenIdConnect(oidc => Set(oidc, options));
        }

        return services;
    }

    /// <summary>After routing, before endpoints.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.UseAuthentication();
        app.Use(RefuseOtherSitesAsync);
        app.UseRateLimiter();
        app.UseAuthorization();
    }

    public static void MapAccess(this WebApplication app, AccessOptions options)
    {
        app.MapPost("/sign-out", async (HttpContext context) =>
        {
            await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            return Results.LocalRedirect("/sign-in");
        }).AddEndpointFilter(CheckFormAsync).AllowAnonymous().ExcludeFromDescription();
        if (options.Mode == SignInMode.Local)
        {
            app.MapPost("/sign-in/send", SignInAsync).AddEndpointFilter(CheckFormAsync).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static async Task<IResult> SignInAsync(HttpContext context, Accounts accounts)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var to = LocalPath(form["to"].ToString());
        if (await accounts.SignInAsync(form["name"].ToString(), form["password"].ToString(), $"{context.Connection.RemoteIpAddress}", context.RequestAborted) is not { } person)
        {
            return Results.LocalRedirect($"/sign-in?failed=1&to={Uri.EscapeDataString(to)}");
        }

        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, person);
        return Results.LocalRedirect(to);
    }

    /// <summary>A path of ours: one slash first, and nothing that a browser takes for another host.</summary>
    internal static string LocalPath(string? to) =>
        to is ['/', not ('/' or '\\'), ..] && to.All(letter => letter is not ('\\' or < ' ')) ? to : "/";

    private static async ValueTask<object?> CheckFormAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next) =>
        await invocation.HttpContext.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(invocation.HttpContext)
            ? await next(invocation)
            : Results.Problem("this form is too old; go back, load the page again and send it again", statusCode: StatusCodes.Status400BadRequest);

    /// <summary>What changes something is taken from our own pages and from programs, which send no Origin (OWASP, cross-site request forgery prevention).</summary>
    private static Task RefuseOtherSitesAsync(HttpContext context, Func<Task> next)
    {
        var origin = context.Request.Headers.Origin.ToString();
        var safe = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method);
        // A websocket is opened by GET and is no subject of the same-origin rule.
        var changes = !safe || context.WebSockets.IsWebSocketRequest || context.Request.Path.StartsWithSegments("/_blazor");
        var foreign = origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == context.Request.Host.Value);
        return changes && foreign
            ? Results.Problem("this comes from a page of another site", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context)
            : next();
    }

    private static void Set(CookieAuthenticationOptions cookie, AccessOptions options)
    {
        cookie.Cookie.Name = "dynahug";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = options.Mode == SignInMode.Oidc ? SameSiteMode.Lax : SameSiteMode.Strict; // the provider's answer comes from its site
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = Session;
        cookie.SlidingExpiration = false;
        cookie.Events.OnRedirectToLogin = challenge => AnswerAsync(challenge, options.Mode, StatusCodes.Status401Unauthorized, "sign in, or send a key: Authorization: Bearer dh_…");
        cookie.Events.OnRedirectToAccessDenied = denied => AnswerAsync(denied, options.Mode, StatusCodes.Status403Forbidden, "your role may not do that");
        // An account that is removed or given another role is not what its cookie says any more.
        cookie.Events.OnValidatePrincipal = async context =>
        {
            if (options.Mode == SignInMode.Local
                && await context.HttpContext.RequestServices.GetRequiredService<ReadModel.ReadModelQueries>().AccountAsync(Person.NameOf(context.Principal), context.HttpContext.RequestAborted) is var account
                && (account is null || account.Role != Person.RoleOf(context.Principal)))
            {
                context.RejectPrincipal();
            }
        };
    }

    private static async Task AnswerAsync(RedirectContext<CookieAuthenticationOptions> context, SignInMode mode, int status, string what)
    {
        if (context.Request.Path.StartsWithSegments("/api") || status == StatusCodes.Status403Forbidden || context.Request.Path.StartsWithSegments("/_blazor"))
        {
            await Results.Problem(what, statusCode: status).ExecuteAsync(context.HttpContext);
        }
        else if (mode == SignInMode.Oidc)
        {
            await context.HttpContext.ChallengeAsync(OpenIdConnectDefaults.AuthenticationScheme, new AuthenticationProperties { RedirectUri = LocalPath(context.Request.Path + context.Request.QueryString) });
        }
        else
        {
            context.Response.Redirect($"/sign-in?to={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");
        }
    }

    private static void Set(OpenIdConnectOptions oidc, AccessOptions options)
    {
        oidc.Authority = options.Authority!.AbsoluteUri;
        oidc.RequireHttpsMetadata = !options.Authority.IsLoopback;
        oidc.ClientId = options.ClientId;
        oidc.ClientSecret = options.ClientSecret;
        oidc.ResponseType = "code";
        // The provider sends people back by a link, not by a form of its page: a code with PKCE may be seen, and cookies need not go with another site's forms.
        oidc.ResponseMode = "query";
        oidc.CorrelationCookie.SameSite = SameSiteMode.Lax;
        oidc.NonceCookie.SameSite = SameSiteMode.Lax;
        oidc.UsePkce = true;
        oidc.MapInboundClaims = false;
        oidc.GetClaimsFromUserInfoEndpoint = true;
        oidc.ClaimActions.MapAll();
        oidc.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        oidc.Events.OnRemoteFailure = async failed =>
        {
            failed.HandleResponse();
            await Results.Problem("the sign-in was not finished: it took too long, began in another browser, or the provider refused it; begin again at /", statusCode: StatusCodes.Status400BadRequest)
                .ExecuteAsync(failed.HttpContext);
        };
        oidc.Events.OnTicketReceived = async ticket =>
        {
            var name = ticket.Principal?.FindFirst("preferred_username")?.Value ?? ticket.Principal?.FindFirst("email")?.Value ?? ticket.Principal?.FindFirst("sub")?.Value ?? "nobody";
            var role = (ticket.Principal?.FindAll(options.RoleClaim) ?? []).Select(claim => Names.Find<Role>(claim.Value)).Max();
            await ticket.HttpContext.RequestServices.GetRequiredService<DeskClient>().TellAsync(
                new DeskCommands.RecordSignIn(name, role is not null, $"{ticket.HttpContext.Connection.RemoteIpAddress}"), ticket.HttpContext.RequestAborted);
            if (role is not { } known)
            {
                ticket.HandleResponse();
                await Results.Problem($"the provider gives you none of the roles viewer, analyst, admin in its claim '{options.RoleClaim}'", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(ticket.HttpContext);
                return;
            }

            ticket.Principal = Person.Of(name, known, OpenIdConnectDefaults.AuthenticationScheme);
        };
    }
}
