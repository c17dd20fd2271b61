using Akka.Actor;
using Akka.Hosting;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Reviews;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Work;

namespace DynaHug.Coordinator.Reviews;

/// <summary>What a person can do about a repo, for pages and the API alike. Each returns once it is stored; the read model follows.</summary>
public sealed class Reviewer(IReadOnlyActorRegistry actors, ReadModelQueries readModel)
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(15);

    public Task JudgeAsync(RepoId repo, string commit, Judgement judgement, string note, string by, CancellationToken cancel) =>
        TellAsync(new ReviewCommands.Judge(repo, commit, judgement, note, by), cancel);

    public Task NoteAsync(RepoId repo, string commit, string text, string by, CancellationToken cancel) =>
        TellAsync(new ReviewCommands.AddNote(repo, commit, text, by), cancel);

    /// <summary>Suppresses every sign of every flagged file of the current revision, each by its content.</summary>
    /// <returns>How many were suppressed; files whose bytes were never had cannot be.</returns>
    public async Task<int> SuppressAsync(RepoId repo, string note, string by, CancellationToken cancel)
    {
        var files = (await readModel.RepoAsync(repo, cancel))?.Files ?? [];
        var commands = files
            .Where(file => file is { Artifact: not null, Verdict: not null })
            .SelectMany(file => FlagSigns.Of(file.Verdict!).Select(sign => new ReviewCommands.Suppress(repo, file.Artifact!, sign, note, by)))
            .Distinct()
            .ToList();
        foreach (var command in commands)
        {
            await TellAsync(command, cancel);
        }

        return commands.Count;
    }

    public Task LiftAsync(Suppression suppression, string by, CancellationToken cancel) =>
        TellAsync(new ReviewCommands.Lift(suppression.Repo, suppression.Artifact, suppression.Sign, by), cancel);

    /// <summary>Analyse the revision anew, before all other work. What is known of it stays until the new analysis is there.</summary>
    public async Task RescanAsync(RepoId repo, string commit, string by, CancellationToken cancel)
    {
        await TellAsync(new ReviewCommands.RequestRescan(repo, commit, by), cancel);
        await actors.Get<Keys.RepoRegion>().Ask<RepoReplies.Recorded>(new RepoCommands.Rescan(repo, commit, Lane.Request), AskTimeout, cancel);
    }

    private Task TellAsync(IForReview command, CancellationToken cancel) =>
        actors.Get<Keys.ReviewRegion>().Ask<ReviewReplies.Recorded>(command, AskTimeout, cancel);
}
