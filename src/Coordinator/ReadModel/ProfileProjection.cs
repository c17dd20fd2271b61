using DynaHug.Shared.Profiles;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Rows of profiles from their events.</summary>
internal sealed class ProfileProjection(ReadModelConnection db)
{
    public Task ApplyAsync(IProfileEvent stored, CancellationToken cancel) => stored switch
    {
        ProfileEvents.ProfileFitted fitted => FittedAsync(fitted, cancel),
        ProfileEvents.CandidateCompared compared => ComparedAsync(compared, cancel),
        ProfileEvents.ProfileActivated activated => ActivatedAsync(activated, cancel),
        _ => Task.CompletedTask,
    };

    private Task<int> FittedAsync(ProfileEvents.ProfileFitted fitted, CancellationToken cancel) => db.InsertOrReplaceAsync(
        new ProfileRow
        {
            TaskCluster = fitted.TaskCluster,
            Environment = fitted.Environment,
            Version = fitted.Version,
            Blob = fitted.Profile.Blob.Hex,
            Detector = fitted.Profile.Detector,
            TrainingLoads = fitted.Profile.TrainingLoads,
            FalseAlarmRate = fitted.Profile.FalseAlarmRate,
            Recall = fitted.Profile.Recall,
            FittedAt = fitted.At.UtcTicks,
        },
        token: cancel);

    private Task<int> ComparedAsync(ProfileEvents.CandidateCompared compared, CancellationToken cancel) => db.Profiles
        .Where(row => row.TaskCluster == compared.TaskCluster && row.Environment == compared.Environment && row.Version == compared.Version)
        .Set(row => row.Comparison, Stored.Json(compared.Comparison))
        .UpdateAsync(cancel);

    private async Task ActivatedAsync(ProfileEvents.ProfileActivated activated, CancellationToken cancel)
    {
        var versions = db.Profiles.Where(row => row.TaskCluster == activated.TaskCluster && row.Environment == activated.Environment);
        await versions.Set(row => row.Active, row => row.Version == activated.Version).UpdateAsync(cancel);
        await versions.Where(row => row.Version == activated.Version).Set(row => row.ActivatedAt, activated.At.UtcTicks).UpdateAsync(cancel);
    }
}
