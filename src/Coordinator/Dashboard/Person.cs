using System.Security.Claims;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>Who looks at a page or calls the API.</summary>
internal static class Person
{
    /// <summary>Name of whoever works on the machine itself where no sign-in is asked for.</summary>
    public const string Local = "local";

    public static string NameOf(ClaimsPrincipal? user) => user?.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : Local;

    /// <summary>Null for somebody who is nobody to us.</summary>
    public static Role? RoleOf(ClaimsPrincipal? user) => Names.Find<Role>(user?.FindFirst(ClaimTypes.Role)?.Value);

    public static bool May(ClaimsPrincipal? user, Role least) => RoleOf(user) >= least;

    /// <param name="how">Scheme by which it was proved.</param>
    public static ClaimsPrincipal Of(string name, Role role, string how) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, role.Name())], how));
}
