using System.Security.Claims;
using System.Security.Cryptography;
using DynaHug.Coordinator.Dashboard;
using DynaHug.Coordinator.Desk;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Desk;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;

namespace DynaHug.Coordinator.Access;

/// <summary>Accounts and keys: made here, kept by the desk, looked up in the read model. Passwords are hashed by ASP.NET Core's hasher.</summary>
public sealed class Accounts(DeskClient desk, ReadModelQueries readModel, AccessOptions options, TimeProvider clock)
{
    public const string FirstAdmin = "admin";
    public const int LeastPassword = 12;

    private static readonly PasswordHasher<string> Hasher = new();

    /// <summary>Checked where there is no such account, so that an answer takes as long as for one that exists.</summary>
    private static readonly string HashOfNobody = Hasher.HashPassword("", Random());

    /// <summary>Makes the first admin where sign-in is local and there is no account.</summary>
    /// <returns>The password that was made up, to be printed once; null where none was.</returns>
    public async Task<string?> EnsureAdminAsync(CancellationToken cancel)
    {
        if (options.Mode != SignInMode.Local)
        {
            return null;
        }

        var password = options.FirstPassword ?? Random();
        if (password.Length < LeastPassword)
        {
            throw new UsageException($"the first admin's password has at least {LeastPassword} characters");
        }

        // The desk knows whether there is an account; the read model may lie behind.
        var refused = await desk.TellAsync(new DeskCommands.SetAccount(FirstAdmin, Hasher.HashPassword(FirstAdmin, password), Role.Admin, "first start", First: true), cancel);
        return refused is null && options.FirstPassword is null ? password : null;
    }

    /// <returns>Why not; null where it was done.</returns>
    public async Task<string?> SetAsync(string name, string password, Role role, string by, CancellationToken cancel) =>
        password.Length < LeastPassword ? $"a password has at least {LeastPassword} characters"
        : await desk.TellAsync(new DeskCommands.SetAccount(name, Hasher.HashPassword(name, password), role, by), cancel);

    /// <summary>Whoever this is, or null where name and password do not fit. Either way it is written down.</summary>
    public async Task<ClaimsPrincipal?> SignInAsync(string name, string password, string from, CancellationToken cancel)
    {
        var account = await readModel.AccountAsync(name, cancel);
        var fits = Hasher.VerifyHashedPassword(name, account?.PasswordHash ?? HashOfNobody, password) != PasswordVerificationResult.Failed && account is not null;
        await desk.TellAsync(new DeskCommands.RecordSignIn(name, fits, from), cancel);
        return fits ? Person.Of(account!.Name, account.Role, "password") : null;
    }

    /// <summary>A new key for a program; the text is shown once and kept nowhere.</summary>
    /// <returns>The key, or why there is none.</returns>
    public async Task<(string? Key, string? Refused)> IssueAsync(string name, Role role, TimeSpan life, string by, CancellationToken cancel)
    {
        var (id, secret) = (WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(6)), Random());
        var refused = await desk.TellAsync(new DeskCommands.IssueKey(id, HashOf(secret), name, role, clock.GetUtcNow() + life, by), cancel);
        return refused is null ? ($"{ApiKeys.Prefix}{id}.{secret}", null) : (null, refused);
    }

    internal static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret)));

    /// <summary>256 random bits as text.</summary>
    private static string Random() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
}
