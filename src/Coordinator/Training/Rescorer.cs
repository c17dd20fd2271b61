using Akka.Actor;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Repos;

namespace DynaHug.Coordinator.Training;

/// <summary>
/// Judges stored traces again, of current and of pinned revisions, that another profile, or none, has judged: no sandbox runs, and what the profile has decided before is not
/// computed again. Pages through the read model, bounded in memory.
/// </summary>
public sealed class Rescorer(ReadModelQueries readModel, ActiveProfiles active)
{
    private const int PageSize = 500;
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(30);

    /// <returns>Repos whose entity was told of a new verdict.</returns>
    public async Task<int> RescoreAsync(IActorRef repos, Action<string> report, CancellationToken cancel)
    {
        var told = 0;
        foreach (var environment in active.All.Select(profile => profile.Environment).Distinct())
        {
            foreach (var taskCluster in await readModel.TaskClustersAsync(cancel))
            {
                if (active.Find(taskCluster, environment) is not { } profile)
                {
                    continue;
                }

                foreach (var candidates in new[]
                {
                    readModel.RescoreCandidatesAsync(taskCluster, environment, profile.Id, PageSize, cancel),
                    readModel.PinnedRescoreCandidatesAsync(taskCluster, environment, profile.Id, PageSize, cancel),
                })
                {
                    await foreach (var candidate in candidates)
                    {
                        var verdicts = candidate.Files.ToDictionary(
                            file => file.Path, file => Judge.FileVerdictOf(file.Analysis, profile, taskCluster, file.Known));
                        await repos.Ask<RepoReplies.Recorded>(new RepoCommands.RecordRescore(candidate.Repo, candidate.Commit, verdicts), StoreTimeout, cancel);
                        if (++told % 50 == 0)
                        {
                            report($"rescored {told} repos");
                        }
                    }
                }
            }
        }

        return told;
    }
}
