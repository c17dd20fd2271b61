using System.Collections.Concurrent;
using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.Detectors;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Telemetry;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Training;

/// <param name="Fitted">Candidates made or activated in this round.</param>
/// <param name="Waiting">What holds fits back, one line each.</param>
/// <param name="Held">Candidates that wait for a person, one line each.</param>
public sealed record FitRound(int Fitted, IReadOnlyList<string> Waiting, IReadOnlyList<string> Held);

/// <summary>
/// Fits profiles by the paper's rule (section on training data): the most-liked repos of a task cluster, here without what the hub or
/// we have flagged and with a bound per author. A cluster is due when all of its most-liked repos are analysed and it has no profile
/// yet, enough new loads, or its time has come. What a fit gives is a candidate: <see cref="Candidates"/> compares it and lets it score, or not.
/// </summary>
public sealed class Refitter(
    ReadModelQueries readModel,
    Candidates candidates,
    InjectedLoads injections,
    ReferenceLoads references,
    NodeOptions options,
    TrainingOptions training,
    FitOptions fitting,
    TimeProvider clock,
    ILogger<Refitter> logger)
{
    private const int GrowthDivisor = 2;

    /// <summary>Loads of a cluster when it was last looked at in full: nothing is due while they are as many.</summary>
    private readonly ConcurrentDictionary<(string TaskCluster, string Environment), (int Loads, DateTimeOffset At)> looked = new();

    /// <param name="artifacts">Where loads of files with a payload, and of our own, are asked for; null where no node runs.</param>
    public async Task<FitRound> FitWhatIsDueAsync(IActorRef profiles, IActorRef? artifacts, bool walkFinished, Action<string> report, CancellationToken cancel)
    {
        var waiting = new List<string>();
        var held = new List<string>();
        var done = 0;
        var known = await readModel.ProfilesAsync(cancel);
        foreach (var environment in await readModel.EnvironmentsAsync(cancel))
        {
            foreach (var taskCluster in await ClustersAsync(cancel))
            {
                var newest = known.FirstOrDefault(version => version.TaskCluster == taskCluster && version.Environment == environment);
                if (newest is { State: "candidate" })
                {
                    done += await candidates.FinishAsync(profiles, newest, report, cancel) ? 1 : 0;
                    held.AddRange(newest.Comparison is { Waiting: { Length: > 0 } why } ? [$"{taskCluster} version {newest.Version} waits for a person: {why}"] : Array.Empty<string>());
                }

                if (!walkFinished)
                {
                    waiting.Add($"{taskCluster}: the hub is still being listed");
                }
                else if (await LoadsToLookAtAsync(taskCluster, environment, newest, cancel) is { } loads)
                {
                    var openRepos = await readModel.CountOpenAmongTopAsync(taskCluster, options.TrainingRepos, cancel);
                    if (openRepos > 0)
                    {
                        waiting.Add($"{taskCluster}: {openRepos} of the most-liked repos are not analysed yet");
                        continue;
                    }

                    looked[(taskCluster, environment)] = (loads, clock.GetUtcNow());
                    done += await FitAsync(profiles, artifacts, taskCluster, environment, newest, report, cancel) ? 1 : 0;
                }
            }
        }

        return new FitRound(done, waiting, held);
    }

    /// <summary>Task clusters that are judged by the not-clustered profile for want of loads, with how many they have; for people.</summary>
    public async Task<IReadOnlyList<string>> TooSmallAsync(string environment, CancellationToken cancel)
    {
        var small = new List<string>();
        foreach (var taskCluster in (await ClustersAsync(cancel)).Where(cluster => cluster != TaskCluster.NotClustered))
        {
            var loads = await readModel.CountScorableAsync(taskCluster, environment, cancel);
            if (loads < fitting.MinimumLoads)
            {
                small.Add($"{taskCluster} has {loads} loads of the {fitting.MinimumLoads} that a profile of its own needs: the {TaskCluster.NotClustered} one scores it");
            }
        }

        return small;
    }

    /// <summary>Fits a candidate whatever is due; null where too few loads may train.</summary>
    public async Task<Profile?> FitNowAsync(string taskCluster, string environment, Action<string> report, CancellationToken cancel)
    {
        var chosen = await readModel.TrainingSetAsync(taskCluster, environment, options.TrainingRepos, training.LoadsPerAuthor, cancel);
        return chosen.Loads.Count < fitting.MinimumLoads ? null : await FitAsync(null, taskCluster, environment, chosen, report, cancel);
    }

    /// <summary>A cheap count first: how many loads there are if a look in full is worth it, else null.</summary>
    private async Task<int?> LoadsToLookAtAsync(string taskCluster, string environment, ProfileSummary? newest, CancellationToken cancel)
    {
        var loads = await readModel.CountScorableAsync(taskCluster, environment, cancel);
        var last = looked.GetValueOrDefault((taskCluster, environment), (Loads: 0, At: DateTimeOffset.MinValue));
        if (loads < fitting.MinimumLoads || loads == last.Loads)
        {
            return null;
        }

        var bySchedule = training.RefitHours > 0 && newest is not null && clock.GetUtcNow() - newest.FittedAt >= TimeSpan.FromHours(training.RefitHours);
        return newest is null || bySchedule || loads >= newest.TrainingLoads + NewLoadsNeeded(newest) ? loads : null;
    }

    private int NewLoadsNeeded(ProfileSummary newest) => training.RefitAfterLoads > 0 ? training.RefitAfterLoads : Math.Max(1, newest.TrainingLoads / GrowthDivisor);

    private async Task<bool> FitAsync(
        IActorRef profiles, IActorRef? artifacts, string taskCluster, string environment, ProfileSummary? newest, Action<string> report, CancellationToken cancel)
    {
        var chosen = await readModel.TrainingSetAsync(taskCluster, environment, options.TrainingRepos, training.LoadsPerAuthor, cancel);
        var bySchedule = training.RefitHours > 0;
        if (chosen.Loads.Count < fitting.MinimumLoads || (newest is not null && !bySchedule && chosen.Loads.Count < newest.TrainingLoads + NewLoadsNeeded(newest)))
        {
            return false;
        }

        var profile = await FitAsync(artifacts, taskCluster, environment, chosen, report, cancel);
        await candidates.ProposeAsync(profiles, profile, report, cancel);
        Instruments.Refits.Add(1, new KeyValuePair<string, object?>(Instruments.TaskClusterTag, taskCluster));
        logger.LogInformation("profile {Profile} of {TaskCluster} fitted on {Loads} loads", profile.Blob, taskCluster, chosen.Loads.Count);
        return true;
    }

    private async Task<Profile> FitAsync(IActorRef? artifacts, string taskCluster, string environment, TrainingSet chosen, Action<string> report, CancellationToken cancel)
    {
        using var activity = Instruments.Activities.StartActivity("fit");
        activity?.SetTag(Instruments.TaskClusterTag, taskCluster);
        void Report(string line) => report($"{taskCluster}: {line}");
        var injected = await injections.OfAsync(artifacts, environment, chosen.Loads, Report, cancel);
        var beside = await references.OfAsync(artifacts, environment, chosen.Loads, Report, cancel);
        var manifest = TrainingManifest.Of(
            $"distinct files of the {options.TrainingRepos} most-liked repos that nobody flags, at most {training.LoadsPerAuthor} of an author", chosen.Loads, chosen.LeftOut, injected, beside);
        return await Task.Run(() => ProfileFitter.Fit(taskCluster, environment, chosen.Loads, DetectorCatalogue.Default, fitting, cancel, manifest, injected, beside, report), cancel);
    }

    private async Task<IReadOnlyList<string>> ClustersAsync(CancellationToken cancel) =>
        [.. (await readModel.TaskClustersAsync(cancel)).Append(TaskCluster.NotClustered).Distinct()];
}
