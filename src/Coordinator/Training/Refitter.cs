using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Telemetry;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Training;

/// <param name="Fitted">Profiles proposed in this round.</param>
/// <param name="Waiting">What holds fits back, one line each.</param>
public sealed record FitRound(int Fitted, IReadOnlyList<string> Waiting);

/// <summary>
/// Fits profiles by the paper's rule (section on training data): the most-liked repos of a task cluster, here without what the hub or
/// we have flagged and with a bound per author. A cluster is due when all of its most-liked repos are analysed and it has no profile
/// yet, or half again as many loads as its profile was fitted on.
/// </summary>
public sealed class Refitter(ReadModelQueries readModel, BlobStore blobs, ActiveProfiles active, ProfileFolder folder, NodeOptions options, FitOptions fitting, ILogger<Refitter> logger)
{
    private const double Growth = 1.5;
    private const int LoadsPerAuthor = 40;
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(30);

    public async Task<FitRound> FitWhatIsDueAsync(IActorRef profiles, bool walkFinished, Action<string> report, CancellationToken cancel)
    {
        var waiting = new List<string>();
        var fitted = 0;
        foreach (var environment in await readModel.EnvironmentsAsync(cancel))
        {
            foreach (var taskCluster in await ClustersAsync(cancel))
            {
                if (!walkFinished)
                {
                    waiting.Add($"{taskCluster}: the hub is still being listed");
                    continue;
                }

                var openRepos = await readModel.CountOpenAmongTopAsync(taskCluster, options.TrainingRepos, cancel);
                if (openRepos > 0)
                {
                    waiting.Add($"{taskCluster}: {openRepos} of the most-liked repos are not analysed yet");
                    continue;
                }

                fitted += await FitIfDueAsync(profiles, taskCluster, environment, report, cancel) ? 1 : 0;
            }
        }

        return new FitRound(fitted, waiting);
    }

    private async Task<IReadOnlyList<string>> ClustersAsync(CancellationToken cancel) =>
        [.. (await readModel.TaskClustersAsync(cancel)).Append(TaskCluster.NotClustered).Distinct()];

    private async Task<bool> FitIfDueAsync(IActorRef profiles, string taskCluster, string environment, Action<string> report, CancellationToken cancel)
    {
        var rows = await readModel.TrainingRowsAsync(taskCluster, environment, options.TrainingRepos, LoadsPerAuthor, cancel);
        var loads = rows.Select(Judge.LoadOf).OfType<Load>().DistinctBy(load => load.Id).ToList();
        var current = active.All.FirstOrDefault(profile => profile.TaskCluster == taskCluster && profile.Environment == environment);
        if (loads.Count < fitting.MinimumLoads || (current is not null && loads.Count < Growth * current.Training.Count))
        {
            return false;
        }

        report($"fitting {taskCluster} on {loads.Count} loads");
        using var activity = Instruments.Activities.StartActivity("fit");
        activity?.SetTag(Instruments.TaskClusterTag, taskCluster);
        var profile = await Task.Run(() => ProfileFitter.Fit(taskCluster, environment, loads, fitting, cancel), cancel);
        using var file = new MemoryStream();
        profile.Save(file);
        var blob = await blobs.PutAsync(file.ToArray(), cancel);
        var description = new ProfileDescription(
            blob, taskCluster, environment, profile.Detector, loads.Count, profile.Validation.FalseAlarmRate, profile.Validation.Recall);
        await profiles.Ask<ProfileReplies.Recorded>(new ProfileCommands.Propose(description, Activate: true), StoreTimeout, cancel);
        active.Activate(profile);
        folder.Save(profile);
        Instruments.Refits.Add(1, new KeyValuePair<string, object?>(Instruments.TaskClusterTag, taskCluster));
        logger.LogInformation("profile {Profile} of {TaskCluster} fitted on {Loads} loads", blob, taskCluster, loads.Count);
        return true;
    }
}
