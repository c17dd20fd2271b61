using DynaHug.Shared.Desk;
using Microsoft.AspNetCore.Authorization;

namespace DynaHug.Coordinator.Dashboard.Api;

/// <summary>What each part of the API and the pages asks for.</summary>
internal static class Policies
{
    /// <summary>To ask whether a revision may come in.</summary>
    public const string Admission = "admission";

    public const string Read = "read";

    /// <summary>To judge, note, suppress, rescan.</summary>
    public const string Triage = "triage";

    /// <summary>To manage accounts, keys and webhooks.</summary>
    public const string Manage = "manage";

    public static void Add(AuthorizationOptions options)
    {
        foreach (var (name, least) in new[] { (Admission, Role.Registry), (Read, Role.Viewer), (Triage, Role.Analyst), (Manage, Role.Admin) })
        {
            options.AddPolicy(name, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => Person.RoleOf(context.User) >= least));
        }

        // Whatever names no policy is for those who may read.
        options.FallbackPolicy = options.GetPolicy(Read);
        options.DefaultPolicy = options.GetPolicy(Read)!;
    }
}
