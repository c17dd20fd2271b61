using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Artifacts;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Training;

/// <summary>Keeps this node's <see cref="ActiveProfiles"/> at what the read model says is active: after a start, a refit elsewhere, a rollback.</summary>
public sealed class ProfileFollower : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopping = new();

    public ProfileFollower(ReadModelQueries readModel, BlobStore blobs, ProfileFolder folder, ActiveProfiles active, ILogger<ProfileFollower> logger)
    {
        Receive<Look>(_ => FollowAsync(stopping.Token).PipeTo(Self, success: () => new Looked(null), failure: problem => new Looked(problem)));
        Receive<Looked>(looked =>
        {
            if (looked.Problem is not null)
            {
                logger.LogWarning(looked.Problem, "active profiles could not be read; next try in {Seconds} s", Interval.TotalSeconds);
            }

            Timers.StartSingleTimer("look", new Look(), Interval);
        });

        async Task FollowAsync(CancellationToken cancel)
        {
            foreach (var row in await readModel.ActiveProfilesAsync(cancel))
            {
                if (active.All.Any(known => known.Blob == row.Blob))
                {
                    continue;
                }

                using var file = new MemoryStream(await blobs.ReadAsync(row.Blob, cancel));
                var profile = Profile.Load(file);
                active.Activate(profile);
                folder.Save(profile);
                logger.LogInformation("profile {Profile} scores {TaskCluster} now", row.Blob, row.TaskCluster);
            }
        }
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(new Look());

    protected override void PostStop()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private sealed record Look;

    private sealed record Looked(Exception? Problem);
}
