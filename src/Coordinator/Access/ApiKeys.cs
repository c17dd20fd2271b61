using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using DynaHug.Coordinator.Dashboard;
using DynaHug.Coordinator.ReadModel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace DynaHug.Coordinator.Access;

/// <summary><c>Authorization: Bearer dh_ID.SECRET</c>. The id finds the key, the secret is compared by its hash in constant time.</summary>
internal sealed class ApiKeys(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ReadModelQueries readModel, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "key";
    public const string Prefix = "dh_";
    private const string Bearer = "Bearer ";

    public static bool IsNamed(HttpRequest request) => request.Headers.Authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var text = Request.Headers.Authorization.ToString()[Bearer.Length..].Trim();
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].Split('.', 2) is not [var id, var secret] || id.Length > 40 || secret.Length > 200)
        {
            return AuthenticateResult.Fail("this is no key of ours");
        }

        var key = await readModel.KeyAsync(id, Context.RequestAborted);
        var fits = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Accounts.HashOf(secret)), Encoding.ASCII.GetBytes(key?.SecretHash ?? new string('0', 64)));
        return key is null || !fits ? AuthenticateResult.Fail("there is no such key")
            : key.Revoked || key.Expires <= clock.GetUtcNow() ? AuthenticateResult.Fail("this key has ended")
            : AuthenticateResult.Success(new AuthenticationTicket(Person.Of($"key {key.Name}", key.Role, SchemeName), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        await Results.Problem("a key is wanted that is valid: Authorization: Bearer dh_…", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Results.Problem("this key may not do that", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(Context);
}

/// <summary>Where no sign-in is asked for, whoever works on this machine is its admin.</summary>
internal sealed class LocalPerson(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "local";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(Person.Of(Person.Local, Shared.Desk.Role.Admin, SchemeName), SchemeName)));
}
