using System.Security.Claims;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>Who looks at a page or calls the API.</summary>
internal static class Person
{
    /// <summary>Name of whoever works on the machine itself where no sign-in is asked for.</summary>
    public const string Local = "local";

    public static string NameOf(ClaimsPrincipal? user) => user?.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : Local;
}
