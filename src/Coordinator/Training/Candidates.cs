using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Training;

/// <summary>
/// Takes a fitted profile from file to active: stored and proposed, compared on every stored trace, and activated where the policy lets it.
/// Each step is an event; what a crash interrupts is taken up from the read model in the next round.
/// </summary>
public sealed class Candidates(ReadModelQueries readModel, BlobStore blobs, ActiveProfiles active, Comparer comparer, ProfileFolder folder, ILogger<Candidates> logger)
{
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(30);

    /// <returns>The version, and what it would change. A file that is a version already stays that one, whatever it would change.</returns>
    /// <exception cref="UsageException">It needs facts of a load that a node does not store.</exception>
    public async Task<(int Version, ProfileComparison Comparison)> ProposeAsync(IActorRef profiles, Profile profile, Action<string> report, CancellationToken cancel)
    {
        if (profile.Needs != LoadFacts.None)
        {
            // Stored loads hold counts and structure: a profile that wants more could score none of them, nor what comes next.
            throw new UsageException($"this profile learns from more than system call counts ({profile.Needs}), which stored loads do not hold: such profiles are for 'dynahug evaluate' only");
        }

        using var file = new MemoryStream();
        profile.Save(file);
        var blob = await blobs.PutAsync(file.ToArray(), cancel);
        var description = new ProfileDescription(
            blob,
            profile.TaskCluster,
            profile.Environment,
            profile.Detector,
            profile.Training.Count,
            profile.Validation.FalseAlarmRate,
            profile.Validation.Recall);
        var stored = await profiles.Ask<ProfileReplies.Recorded>(new ProfileCommands.Propose(description, Activate: false), StoreTimeout, cancel);
        return (stored.Version, await CompareAsync(profiles, profile, stored.Version, report, cancel));
    }

    /// <summary>Goes on with a candidate that was fitted and not compared, or compared and not yet active though the policy lets it.</summary>
    /// <returns>Whether there was anything to do.</returns>
    public async Task<bool> FinishAsync(IActorRef profiles, ProfileSummary candidate, Action<string> report, CancellationToken cancel)
    {
        if (candidate.Comparison is { Waiting.Length: > 0 })
        {
            return false;
        }

        using var file = new MemoryStream(await blobs.ReadAsync(candidate.Blob, cancel));
        var profile = Profile.Load(file);
        if (candidate.Comparison is null)
        {
            await CompareAsync(profiles, profile, candidate.Version, report, cancel);
        }
        else
        {
            await ActivateAsync(profiles, profile, candidate.Version, cancel);
        }

        return true;
    }

    /// <summary>Makes a version the one that scores, here at once and elsewhere as soon as the read model says so.</summary>
    public async Task ActivateAsync(IActorRef profiles, Profile profile, int version, CancellationToken cancel)
    {
        await profiles.Ask<ProfileReplies.Recorded>(new ProfileCommands.Activate(profile.TaskCluster, profile.Environment, version), StoreTimeout, cancel);
        active.Activate(profile);
        folder.Save(profile);
    }

    private async Task<ProfileComparison> CompareAsync(IActorRef profiles, Profile profile, int version, Action<string> report, CancellationToken cancel)
    {
        var scope = active.ScopeOf(profile.TaskCluster, profile.Environment, await readModel.TaskClustersAsync(cancel));
        var comparison = await comparer.CompareAsync(profile, active.Find(profile.TaskCluster, profile.Environment), scope, report, cancel);
        await profiles.Ask<ProfileReplies.Recorded>(
            new ProfileCommands.RecordComparison(profile.TaskCluster, profile.Environment, version, comparison), StoreTimeout, cancel);
        logger.LogInformation(
            "version {Version} of {TaskCluster} would newly flag {Flagged} and clear {Cleared} of {Traces} traces; {Waiting}",
            version, profile.TaskCluster, comparison.NewlyFlagged, comparison.Cleared, comparison.Traces, comparison.Waiting);
        if (comparison.Waiting.Length > 0)
        {
            return comparison;
        }

        if (await HasScoredAsync(profile, version, cancel))
        {
            return comparison with { Waiting = "it scored before, and somebody put another in its place" };
        }

        await ActivateAsync(profiles, profile, version, cancel);
        return comparison;
    }

    /// <summary>A version that another has followed, or that a person rolled back from, comes back by a person's word only.</summary>
    private async Task<bool> HasScoredAsync(Profile profile, int version, CancellationToken cancel) => (await readModel.ProfilesAsync(cancel)).Any(known =>
        known.TaskCluster == profile.TaskCluster && known.Environment == profile.Environment && known.Version == version && known is { Active: false, ActivatedAt: not null });
}
