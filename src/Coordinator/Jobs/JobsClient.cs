using Akka.Actor;
using Akka.Hosting;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Jobs;

namespace DynaHug.Coordinator.Jobs;

/// <summary>Bulk rescans for pages and the API.</summary>
public sealed class JobsClient(IReadOnlyActorRegistry actors, ReadModelQueries readModel)
{
    public const int MostNamedRepos = 10_000;

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(30);

    /// <summary>What a scope comes to, without doing anything.</summary>
    /// <returns>Repos, and the newest environment; or why there is none.</returns>
    public async Task<(int Repos, string Environment, string? Refusal)> CountAsync(JobScope scope, CancellationToken cancel)
    {
        if (scope.Repos is { Count: > MostNamedRepos })
        {
            return (0, "", $"a job names at most {MostNamedRepos} repos; leave the list out and choose them by task cluster or label");
        }

        return await readModel.EnvironmentsAsync(cancel) is [var newest, ..]
            ? (await readModel.CountRescanAsync(scope, newest, cancel), newest, null)
            : (0, "", "nothing has been traced yet: there is nothing to analyse anew");
    }

    /// <returns>The job's number, or why there is none.</returns>
    public async Task<(int Id, string? Refusal)> StartAsync(JobScope scope, string by, CancellationToken cancel)
    {
        var (total, environment, refusal) = await CountAsync(scope, cancel);
        return refusal is not null ? (0, refusal) : Answer(await Keeper.Ask(new JobCommands.Start(scope, environment, total, by), AskTimeout, cancel));
    }

    /// <returns>Why it was not done; null where it was.</returns>
    public async Task<string?> SetStatusAsync(int id, JobStatus status, string by, CancellationToken cancel) =>
        Answer(await Keeper.Ask(new JobCommands.SetStatus(id, status, by), AskTimeout, cancel)).Refusal;

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<JobFigures>> AllAsync(CancellationToken cancel) =>
        (await Keeper.Ask<JobReplies.All>(new JobCommands.GetAll(), AskTimeout, cancel)).Jobs;

    private IActorRef Keeper => actors.Get<Keys.RescanJobs>();

    private static (int Id, string? Refusal) Answer(object reply) => reply switch
    {
        JobReplies.Recorded recorded => (recorded.Id, null),
        JobReplies.Refused refused => (0, refused.Reason),
        _ => throw new InvalidOperationException($"the keeper of jobs answered {reply.GetType().Name}"),
    };
}
