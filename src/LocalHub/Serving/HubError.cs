using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace DynaHug.LocalHub.Serving;

/// <summary>An error answer in the hub's form: status, code and message in headers, the message in the body too.</summary>
/// <param name="Commit">For <c>X-Repo-Commit</c>: a missing file tells where it is missing.</param>
internal sealed record HubError(int Status, string? Code, string Message, string? Commit = null)
{
    public static readonly HubError WrongToken = new(401, null, "Invalid credentials in Authorization header");
    public static readonly HubError NotSignedIn = new(401, null, "Invalid username or password.");
    public static readonly HubError Disabled = new(403, null, "Access to this resource is disabled.");
    public static readonly HubError NoRoute = new(404, null, "Sorry, we can't find the page you are looking for.");
    public static readonly HubError WrongMethod = new(405, null, "Method not allowed");

    /// <summary>Missing and private look alike; only who asks makes a difference.</summary>
    public static HubError NoRepo(Caller caller) =>
        caller == Caller.Anonymous ? new(401, "RepoNotFound", "Invalid username or password.") : new(404, "RepoNotFound", "Repository not found");

    public static HubError NoRevision(string revision) => new(404, "RevisionNotFound", $"Invalid rev id: {revision}");

    public static HubError NoEntry(string commit) => new(404, "EntryNotFound", "Entry not found", commit);

    public static HubError Gated(string repo, Caller caller) => caller == Caller.Anonymous
        ? new(401, "GatedRepo", $"Access to model {repo} is restricted. You must have access to it and be authenticated to access it. Please log in.")
        : new(403, "GatedRepo", $"Access to model {repo} is restricted and you are not in the authorized list. Visit the model's page to ask for access.");

    public static HubError BadRequest(string message) => new(400, null, message);

    public Task WriteAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        context.Response.StatusCode = Status;
        if (Code is not null)
        {
            headers["X-Error-Code"] = Code;
        }

        if (Commit is not null)
        {
            headers["X-Repo-Commit"] = Commit;
        }

        headers["X-Error-Message"] = new string([.. Message.Select(c => c is >= ' ' and <= '~' ? c : '?')]);
        return JsonAnswer.WriteAsync(context, new JsonObject { ["error"] = Message });
    }
}
