using System.Security.Claims;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Reviews;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Reviews;

namespace DynaHug.Coordinator.Dashboard.Api;

/// <summary>What people do about flags, for programs. The name of the account or key is kept with each word.</summary>
internal static class TriageApi
{
    /// <summary>Repos that one request may name.</summary>
    private const int MostRepos = 500;

    public static void Map(RouteGroupBuilder api)
    {
        var triage = api.MapGroup("").RequireAuthorization(Policies.Triage);
        triage.MapPost("/judgements", async (JudgementBody body, Reviewer reviewer, ReadModelQueries readModel, ClaimsPrincipal user, CancellationToken cancel) =>
            await EachAsync(body.Repos, readModel, repo => reviewer.JudgeAsync(repo.Repo, repo.Revision, body.Judgement, body.Note ?? "", Person.NameOf(user), cancel), cancel))
            .WithSummary("Confirm flags, or call them false alarms; new takes a judgement back")
            .Produces<Done>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        triage.MapPost("/notes", async (NoteBody body, Reviewer reviewer, ReadModelQueries readModel, ClaimsPrincipal user, CancellationToken cancel) =>
            await EachAsync(body.Repos, readModel, repo => reviewer.NoteAsync(repo.Repo, repo.Revision, body.Text, Person.NameOf(user), cancel), cancel))
            .WithSummary("Write something down for colleagues")
            .Produces<Done>();
        triage.MapPost("/suppressions", async (NoteBody body, Reviewer reviewer, ReadModelQueries readModel, ClaimsPrincipal user, CancellationToken cancel) =>
            await EachAsync(body.Repos, readModel, repo => reviewer.SuppressAsync(repo.Repo, body.Text, Person.NameOf(user), cancel), cancel))
            .WithSummary("Flag the contents of these repos no more for the signs they show now")
            .Produces<Done>();
        triage.MapPost("/rescans", async (ReposBody body, Reviewer reviewer, ReadModelQueries readModel, ClaimsPrincipal user, CancellationToken cancel) =>
            await EachAsync(body.Repos, readModel, repo => reviewer.RescanAsync(repo.Repo, repo.Revision, Person.NameOf(user), cancel), cancel))
            .WithSummary("Analyse current revisions anew, before all other work")
            .Produces<Done>();
    }

    private static async Task<IResult> EachAsync(IReadOnlyList<RepoId> repos, ReadModelQueries readModel, Func<RepoSummary, Task> act, CancellationToken cancel)
    {
        if (repos.Count is 0 or > MostRepos)
        {
            return Results.Problem($"name between 1 and {MostRepos} repos", statusCode: StatusCodes.Status400BadRequest);
        }

        var missing = new List<RepoId>();
        foreach (var repo in repos.Distinct())
        {
            if ((await readModel.RepoAsync(repo, cancel))?.Summary is { } found)
            {
                await act(found);
            }
            else
            {
                missing.Add(repo);
            }
        }

        return Results.Ok(new Done(repos.Distinct().Count() - missing.Count, missing));
    }

    internal sealed record ReposBody(IReadOnlyList<RepoId> Repos);

    internal sealed record NoteBody(IReadOnlyList<RepoId> Repos, string Text);

    internal sealed record JudgementBody(IReadOnlyList<RepoId> Repos, Judgement Judgement, string? Note = null);

    /// <param name="Count">Repos that it was done to.</param>
    /// <param name="NotObserved">Named repos that nothing is known of.</param>
    internal sealed record Done(int Count, IReadOnlyList<RepoId> NotObserved);
}
