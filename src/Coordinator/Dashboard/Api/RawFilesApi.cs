using DynaHug.Coordinator.RawFiles;
using DynaHug.Shared.Hub;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace DynaHug.Coordinator.Dashboard.Api;

/// <summary>Raw files for those who may judge: by JSON for programs, by a form with its token for the page's button. A link alone gives none.</summary>
internal static class RawFilesApi
{
    public static void Map(WebApplication app)
    {
        app.MapPost($"{ApiServices.Root}/raw", (RawFileBody body, HttpContext context, [FromServices] RawFileDesk desk) => SendAsync(body.Repo, body.File, context, desk))
            .WithSummary($"A file as the hub gave it, in a zip encrypted with the password {RawFileDesk.Password}; audited")
            .Produces(StatusCodes.Status200OK, contentType: "application/zip")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireAuthorization(Policies.Triage);
        app.MapPost("/raw", async (HttpContext context, [FromServices] IAntiforgery forms, [FromServices] RawFileDesk desk) =>
            await forms.IsRequestValidAsync(context) && RepoId.TryParse(context.Request.Form["repo"], out var repo)
                ? await SendAsync(repo, context.Request.Form["file"].ToString(), context, desk)
                : Results.Problem("this form is too old; load the page again", statusCode: StatusCodes.Status400BadRequest))
            .RequireAuthorization(Policies.Triage)
            .ExcludeFromDescription();
    }

    private static async Task<IResult> SendAsync(RepoId repo, string path, HttpContext context, RawFileDesk desk)
    {
        var cancel = context.RequestAborted;
        var (file, why) = await desk.FindAsync(repo, path, cancel);
        if (file is null)
        {
            return Results.Problem(why, statusCode: StatusCodes.Status404NotFound);
        }

        await desk.NoteAsync(repo, path, file, Person.NameOf(context.User), cancel);
        context.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true; // the zip is written as it goes out, whatever the file's size
        context.Response.Headers.CacheControl = "no-store";
        return Results.Stream(to => desk.WriteAsync(file, to, cancel), "application/zip", $"dynahug-{file.Artifact.Hex[..16]}.zip");
    }

    internal sealed record RawFileBody(RepoId Repo, string File);
}
